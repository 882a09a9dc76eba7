import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { linkPair } from '../link-pair.js';
import { diagnosed, type LinkDiagnostic } from './diagnosed.js';
import { toDuplex } from './to-duplex.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('toDuplex', () => {
  test('gives what arrives and ends with the link', async () => {
    const [link, far] = linkPair();
    far.write(bytes(1, 2)).subscribe();
    far.close().subscribe();
    const chunks: Buffer[] = [];
    for await (const chunk of toDuplex(link)) chunks.push(chunk);
    expect([...Buffer.concat(chunks)]).toEqual([1, 2]);
  });

  test('pauses the link without a reader', async () => {
    const [link, far] = linkPair();
    const stream = toDuplex(link);
    stream.read(0);
    let accepted = 0;
    for (let count = 0; count < 100; count++) {
      far.write(new Uint8Array(10_000)).subscribe({ complete: () => (accepted += 1) });
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(accepted).toBeLessThan(40);
    let received = 0;
    stream.on('data', (chunk: Buffer) => (received += chunk.length));
    far.close().subscribe();
    await once(stream, 'end');
    expect([received, accepted]).toEqual([1_000_000, 100]);
  });

  test('hands over small writes together, in order, and calls each back when they are accepted', async () => {
    const [link, far] = linkPair();
    const stream = toDuplex(link);
    const calledBack: number[] = [];
    for (let count = 0; count < 10; count++) stream.write(bytes(count), () => calledBack.push(count));
    const chunks: number[][] = [];
    far.received$.subscribe((chunk) => chunks.push([...chunk]));
    await new Promise<void>((resolve) => stream.write(bytes(10), () => resolve()));
    expect(chunks).toEqual([[0], [1, 2, 3, 4, 5, 6, 7, 8, 9], [10]]);
    expect(calledBack).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('hands over large writes each for itself; one that fails destroys it', async () => {
    const [link, far] = linkPair();
    const stream = toDuplex(link).resume();
    const chunks: number[] = [];
    far.received$.subscribe({ next: (chunk) => chunks.push(chunk.length), error: () => {} });
    for (const size of [1, 20_000, 30_000]) stream.write(new Uint8Array(size));
    await new Promise<void>((resolve) => stream.write(new Uint8Array(40_000), () => resolve()));
    expect(chunks).toEqual([1, 20_000, 30_000, 40_000]);
    far.pause();
    for (let count = 0; count < 3; count++) stream.write(new Uint8Array(20_000));
    const failed = once(stream, 'error');
    far.lose(new Error('cut'));
    expect(((await failed)[0] as Error).message).toBe('cut');
  });

  test('end() closes a link that has no half-open state, after the last write', async () => {
    const [link, far] = linkPair();
    const seen: (number | string)[] = [];
    far.received$.subscribe({ next: (chunk) => seen.push(...chunk), complete: () => seen.push('end') });
    const stream = toDuplex(link).resume();
    stream.end(bytes(1));
    await once(stream, 'close');
    expect(seen).toEqual([1, 'end']);
  });

  test('end() leaves the incoming direction open where the link can', async () => {
    const [pair, far] = linkPair();
    let ended = false;
    const link = {
      ...pair,
      end: () => {
        ended = true;
        return of() as ReturnType<typeof pair.close>;
      },
    };
    const stream = toDuplex(link);
    stream.end();
    await once(stream, 'finish');
    expect(ended).toBe(true);
    const data = once(stream, 'data');
    far.write(bytes(7)).subscribe();
    expect([...((await data)[0] as Buffer)]).toEqual([7]);
  });

  test('is destroyed with the error of a lost link', async () => {
    const [link, far] = linkPair();
    const stream = toDuplex(link).resume();
    const failed = once(stream, 'error');
    far.lose(new Error('cut'));
    expect(((await failed)[0] as Error).message).toBe('cut');
  });

  test('destroy() closes the link', async () => {
    const [link, far] = linkPair();
    const stream = toDuplex(link).resume();
    let ended = '';
    far.ended$.subscribe((end) => (ended = end.by));
    stream.destroy();
    await once(stream, 'close');
    expect(ended).toBe('remote');
  });

  test('works in a pipeline', async () => {
    const [link, far] = linkPair();
    const seen: number[] = [];
    far.received$.subscribe((chunk) => seen.push(...chunk));
    await pipeline([Buffer.from([1, 2]), Buffer.from([3])], toDuplex(link).resume());
    expect(seen).toEqual([1, 2, 3]);
  });
});

test('diagnosed publishes what happens to those who listen', () => {
  const heard: string[] = [];
  const listeners = ['open', 'received', 'written', 'end'].map((what) => {
    const name = `a7600:link:${what}`;
    const listener = (message: unknown) => {
      const { link, ...rest } = message as LinkDiagnostic & { bytes?: Uint8Array };
      heard.push(`${what} ${link} ${rest.bytes ?? ''}`.trim());
    };
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  const [link, far] = linkPair();
  far.received$.subscribe();
  of(link)
    .pipe(diagnosed('test:pair'))
    .subscribe((open) => {
      open.received$.subscribe();
      open.write(bytes(1)).subscribe();
    });
  far.write(bytes(2)).subscribe();
  far.close().subscribe();
  for (const stop of listeners) stop();
  expect(heard).toEqual(['open test:pair', 'written test:pair 1', 'received test:pair 2', 'end test:pair']);
  const [quiet] = linkPair();
  let same: unknown;
  of(quiet)
    .pipe(diagnosed('test:quiet'))
    .subscribe((open) => (same = open));
  expect(same).toBe(quiet);
});

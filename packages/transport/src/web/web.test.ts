import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { linkPair } from '../link-pair.js';
import { fromWebStreams } from './from-web-streams.js';
import { toWebStreams } from './to-web-streams.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const done = (work: ReturnType<ReturnType<typeof linkPair>[0]['close']>) =>
  lastValueFrom(work, { defaultValue: undefined });

describe('toWebStreams', () => {
  test('reads what arrives, and ends with the link', async () => {
    const [link, far] = linkPair();
    const { readable } = toWebStreams(link);
    far.write(bytes(1, 2)).subscribe();
    far.close().subscribe();
    const seen: number[] = [];
    for await (const chunk of readable) seen.push(...chunk);
    expect(seen).toEqual([1, 2]);
  });

  test('pauses the link without a reader', async () => {
    const [link, far] = linkPair();
    const { readable } = toWebStreams(link);
    let accepted = 0;
    for (let count = 0; count < 20; count++) {
      far.write(new Uint8Array(10_000)).subscribe({ complete: () => (accepted += 1) });
    }
    await Promise.resolve();
    expect(accepted).toBe(7);
    far.close().subscribe();
    let received = 0;
    for await (const chunk of readable) received += chunk.length;
    expect([received, accepted]).toEqual([200_000, 20]);
  });

  test('errors when the link is lost, and closes it when it is cancelled', async () => {
    const [lost, cut] = linkPair();
    const failing = toWebStreams(lost).readable.getReader().read();
    cut.lose(new Error('cut'));
    await expect(failing).rejects.toThrow('cut');
    const [link, far] = linkPair();
    await toWebStreams(link).readable.cancel();
    expect(await firstValueFrom(far.ended$)).toEqual({ by: 'remote' });
  });

  test('a write ends when it is accepted; closing closes the link after it', async () => {
    const [link, far] = linkPair();
    const writer = toWebStreams(link).writable.getWriter();
    let written = false;
    const writing = writer.write(bytes(5)).then(() => (written = true));
    await Promise.resolve();
    expect(written).toBe(false);
    const seen: number[] = [];
    far.received$.subscribe((chunk) => seen.push(...chunk));
    await writing;
    await writer.close();
    expect(seen).toEqual([5]);
    expect(await firstValueFrom(far.ended$)).toEqual({ by: 'remote' });
  });
});

test('aborting the writable of toWebStreams ends a write that is stuck, and closes the link', async () => {
  const [link, far] = linkPair();
  const writer = toWebStreams(link).writable.getWriter();
  const writing = writer.write(bytes(5));
  await new Promise((resolve) => setImmediate(resolve));
  await writer.abort();
  await expect(writing).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await firstValueFrom(far.ended$)).toEqual({ by: 'remote' });
});

describe('fromWebStreams', () => {
  test('is the way back', async () => {
    const [near, far] = linkPair();
    const link = fromWebStreams(toWebStreams(near));
    const received = firstValueFrom(link.received$);
    await done(far.write(bytes(1, 2, 3)));
    expect([...(await received)]).toEqual([1, 2, 3]);
    const heard = firstValueFrom(far.received$);
    await done(link.write(bytes(4)));
    expect([...(await heard)]).toEqual([4]);
    far.received$.subscribe();
    await done(link.close());
    expect(await firstValueFrom(far.ended$)).toEqual({ by: 'remote' });
    expect(await firstValueFrom(link.ended$)).toEqual({ by: 'local' });
  });

  test('ends with the stream, and is lost with its error', async () => {
    const [near, far] = linkPair();
    const link = fromWebStreams(toWebStreams(near));
    const ended = lastValueFrom(link.received$, { defaultValue: undefined });
    far.received$.subscribe();
    await done(far.close());
    await ended;
    expect(await firstValueFrom(link.ended$)).toEqual({ by: 'remote' });
    const [other, cut] = linkPair();
    const losing = fromWebStreams(toWebStreams(other));
    const lost = lastValueFrom(losing.received$);
    cut.lose(new Error('cut'));
    await expect(lost).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
  });

  /** What the other side sends, by its controller. */
  const incoming = () => {
    const controllers: ReadableStreamDefaultController<Uint8Array>[] = [];
    const readable = new ReadableStream<Uint8Array>({
      start(controller) {
        controllers.push(controller);
      },
    });
    return { readable, controller: controllers[0] };
  };

  test('is lost with a write that the stream never accepts', async () => {
    const { readable, controller } = incoming();
    const writable = new WritableStream<Uint8Array>({ write: () => new Promise(() => {}) });
    const link = fromWebStreams({ readable, writable });
    link.received$.subscribe({ error: () => {} });
    const writing = [1, 2].map((byte) => done(link.write(bytes(byte))));
    controller?.error(new Error('cut'));
    for (const written of writing) await expect(written).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
    expect(await firstValueFrom(link.ended$)).toMatchObject({
      by: 'lost',
      error: { cause: new Error('cut') },
    });
  });

  test('that the other side has ended sends what was written before', async () => {
    const { readable, controller } = incoming();
    const sent: number[] = [];
    await new Promise<void>((close) => {
      const write = async (chunk: Uint8Array) => {
        await new Promise((accept) => setImmediate(accept));
        sent.push(...chunk);
      };
      const link = fromWebStreams({ readable, writable: new WritableStream({ write, close }) });
      link.received$.subscribe();
      for (const byte of [1, 2, 3]) link.write(bytes(byte)).subscribe({ error: () => {} });
      controller?.close();
    });
    expect(sent).toEqual([1, 2, 3]);
  });
});

import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { linkPair } from '../link-pair.js';
import { fromWebStreams } from './from-web-streams.js';
import { toWebStreams } from './to-web-streams.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const done = (work: ReturnType<ReturnType<typeof linkPair>[0]['close']>) =>
  lastValueFrom(work, { defaultValue: undefined });
const turn = () => new Promise((resolve) => setImmediate(resolve));

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
  await turn();
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
        await turn();
        sent.push(...chunk);
      };
      const link = fromWebStreams({ readable, writable: new WritableStream({ write, close }) });
      link.received$.subscribe();
      for (const byte of [1, 2, 3]) link.write(bytes(byte)).subscribe({ error: () => {} });
      controller?.close();
    });
    expect(sent).toEqual([1, 2, 3]);
  });

  test('is lost with its outgoing stream, also while nothing is written', async () => {
    const controllers: WritableStreamDefaultController[] = [];
    const writable = new WritableStream<Uint8Array>({
      start(controller) {
        controllers.push(controller);
      },
    });
    const link = fromWebStreams({ readable: incoming().readable, writable });
    link.received$.subscribe({ error: () => {} });
    controllers[0]?.error(new Error('cut'));
    expect(await firstValueFrom(link.ended$)).toMatchObject({
      by: 'lost',
      error: { code: 'TRANSPORT_LOST', message: 'The stream failed: cut' },
    });
  });

  test('takes no write after its end, and is closed then', async () => {
    const { readable, controller } = incoming();
    const closed: string[] = [];
    const link = fromWebStreams({
      readable,
      writable: new WritableStream<Uint8Array>({ close: () => void closed.push('writable') }),
    });
    const ended = lastValueFrom(link.received$, { defaultValue: undefined });
    controller?.close();
    await ended;
    await expect(done(link.write(bytes(1)))).rejects.toMatchObject({
      code: 'TRANSPORT_CLOSED',
      message: expect.stringContaining('has ended'),
    });
    await done(link.close());
    expect([await firstValueFrom(link.ended$), closed]).toEqual([{ by: 'remote' }, ['writable']]);
  });

  test('that is closed here is not ended by the other side, which answers with its own end', async () => {
    const { readable, controller } = incoming();
    const writable = new WritableStream<Uint8Array>({
      async close() {
        controller?.close();
        await turn();
      },
    });
    const link = fromWebStreams({ readable, writable });
    link.received$.subscribe();
    await done(link.close());
    expect(await firstValueFrom(link.ended$)).toEqual({ by: 'local' });
  });

  test('asks the stream for one chunk at a time, and goes on after a pause', async () => {
    let asked = 0;
    const waiting: ((chunk: Uint8Array) => void)[] = [];
    const readable = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          asked += 1;
          controller.enqueue(await new Promise<Uint8Array>((arrive) => waiting.push(arrive)));
        },
      },
      { highWaterMark: 0 },
    );
    const arrives = async (byte: number) => {
      waiting.shift()?.(bytes(byte));
      await turn();
    };
    const link = fromWebStreams({ readable, writable: new WritableStream() });
    const seen: number[] = [];
    link.received$.subscribe((chunk) => seen.push(...chunk));
    await turn();
    link.pause();
    link.resume();
    link.pause();
    await arrives(1);
    expect([seen, asked]).toEqual([[], 1]);
    link.resume();
    await turn();
    expect([seen, asked]).toEqual([[1], 2]);
    await arrives(2);
    await arrives(3);
    expect([seen, asked]).toEqual([[1, 2, 3], 4]);
  });
});

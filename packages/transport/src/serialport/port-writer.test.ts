import { lastValueFrom, Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TransportError } from '../errors.js';
import { PortWriter } from './port-writer.js';
import type { Callback, SerialPortLike } from './serial-port-like.js';

const LARGE = 16_384;
const HUGE = 65_536;

// The clock goes on by as much each time that it is read.
beforeEach(() => {
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 0.01;
    return time;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A writer on a terminal whose kernel takes what `room` says, try after try, and everything after that, unless it refuses. */
function rig(room: readonly (number | undefined)[] = []) {
  const tries = [...room];
  let isFull = false;
  const kernel: Uint8Array[] = [];
  const stream: { readonly bytes: Uint8Array; readonly done: Callback }[] = [];
  const drains: Callback[] = [];
  const port = { drain: (done: Callback) => drains.push(done) } as unknown as SerialPortLike;
  const tty = {
    writeNow: vi.fn((bytes: Uint8Array) => {
      const sent = tries.length > 0 ? tries.shift() : isFull ? 0 : bytes.length;
      if (sent === undefined) return undefined;
      kernel.push(bytes.slice(0, sent));
      return Math.min(sent, bytes.length);
    }),
    writeBeside: vi.fn((bytes: Uint8Array, done: (sent: number | undefined) => void) => {
      setImmediate(() => done(tty.writeNow(bytes)));
    }),
    write: (bytes: Uint8Array, done: Callback) => stream.push({ bytes, done }),
  };
  const lost = (error: Error) => new TransportError('TRANSPORT_LOST', error.message, error);
  const writer = new PortWriter(port, tty, lost);
  const write = (bytes: Uint8Array) =>
    lastValueFrom(new Observable<never>((subscriber) => writer.send(bytes, subscriber)), {
      defaultValue: 'accepted' as const,
    });
  const refuse = () => {
    isFull = true;
  };
  return { writer, write, kernel, stream, drains, tty, refuse };
}

/** Bytes that differ from their neighbours, and from those of other numbers. */
const bytesOf = (length: number, first = 0) => Uint8Array.from({ length }, (_, at) => (first + at * 7) % 251);

describe('a huge write', () => {
  test('goes on in another thread, in order, while the kernel takes parts of it', async () => {
    const { write, kernel, stream, tty } = rig([5_000, 0, 3_000]);
    const bytes = bytesOf(HUGE);
    expect(await write(bytes)).toBe('accepted');
    expect(Buffer.concat(kernel).equals(bytes)).toBe(true);
    const left = [HUGE - 5_000, HUGE - 5_000, HUGE - 8_000];
    expect(tty.writeBeside.mock.calls.map(([{ length }]) => length)).toEqual(left);
    expect(stream).toEqual([]);
  });

  test('on a terminal that fails, or is closed, in the middle fails at once', async () => {
    const { write, stream } = rig([5_000, 0, undefined]);
    const written = write(bytesOf(HUGE));
    await vi.waitUntil(() => stream.length > 0);
    stream[0]?.done(new Error('EIO: i/o error, write'));
    await expect(written).rejects.toMatchObject({ code: 'TRANSPORT_LOST', message: 'EIO: i/o error, write' });
  });
});

describe('a large write', () => {
  test('goes on by itself, in order, while the kernel takes parts of it', async () => {
    const { write, kernel, stream, tty } = rig([5_000, 0, 0, 3_000, 1]);
    const bytes = bytesOf(LARGE);
    expect(await write(bytes)).toBe('accepted');
    expect(Buffer.concat(kernel).equals(bytes)).toBe(true);
    expect([kernel.length, stream, tty.writeBeside.mock.calls]).toEqual([6, [], []]);
  });

  test('holds up those after it, which go out in order', async () => {
    const { write, kernel } = rig([5_000, 0, 0]);
    const all = [bytesOf(LARGE), bytesOf(10, 1), bytesOf(20, 2), bytesOf(LARGE, 3), bytesOf(30, 4)];
    await Promise.all(all.map(write));
    expect(Buffer.concat(kernel).equals(Buffer.concat(all))).toBe(true);
    expect(kernel.slice(-3).map(({ length }) => length)).toEqual([30, LARGE, 30]);
  });

  test('on a terminal that fails, or is closed, in the middle fails at once, as those after it do', async () => {
    const { write, stream, tty } = rig([5_000, 0, undefined, undefined]);
    const writes = Promise.allSettled([write(bytesOf(LARGE)), write(bytesOf(10))]);
    for (let count = 0; count < 2; count++) {
      await vi.waitUntil(() => stream.length > count);
      stream[count]?.done(new Error('EIO: i/o error, write'));
    }
    const lost = { status: 'rejected', reason: { code: 'TRANSPORT_LOST', message: 'EIO: i/o error, write' } };
    expect(await writes).toMatchObject([lost, lost]);
    expect([stream.map(({ bytes }) => bytes.length), tty.writeNow.mock.calls.length]).toEqual([
      [LARGE - 5_000, 10],
      4,
    ]);
  });

  test('of a writer that is told goes out before the other writers are told', async () => {
    const { writer, write, kernel } = rig([0, 0]);
    const first = write(bytesOf(LARGE));
    const seen: number[] = [];
    const note = (next?: () => void) =>
      new Observable<never>((subscriber) => writer.send(bytesOf(10), subscriber)).subscribe({
        complete: () => {
          next?.();
          seen.push(kernel.at(-1)?.length ?? 0);
        },
      });
    let second: Promise<unknown> = Promise.resolve();
    note(() => {
      second = write(bytesOf(LARGE, 1));
    });
    note();
    await first;
    await vi.waitUntil(() => seen.length === 2);
    await second;
    expect(seen).toEqual([LARGE, LARGE]);
  });

  test('after the other, for as long as the kernel takes them at once, needs no deep stack', async () => {
    const { writer } = rig();
    const bytes = new Uint8Array(LARGE);
    await new Promise<void>((resolve) => {
      const again = (left: number) =>
        new Observable<never>((subscriber) => writer.send(bytes, subscriber)).subscribe({
          complete: () => (left === 0 ? resolve() : again(left - 1)),
        });
      again(3_000);
    });
  });
});

test.each([
  ['large', LARGE, 'writeNow'],
  ['huge', HUGE, 'writeBeside'],
] as const)(
  'a %s write waits in the stream for a kernel that takes nothing for two milliseconds',
  async (_, size, tried) => {
    const { write, kernel, stream, refuse, tty } = rig([5_000]);
    refuse();
    const bytes = bytesOf(size);
    const written = write(bytes);
    await vi.waitUntil(() => stream.length > 0);
    expect(Buffer.concat([...kernel, stream[0]?.bytes ?? Buffer.alloc(0)]).equals(bytes)).toBe(true);
    expect(tty[tried].mock.calls.length).toBeGreaterThan(20);
    stream[0]?.done();
    expect(await written).toBe('accepted');
  },
);

test('a small write waits in the stream at once', () => {
  const { write, stream } = rig([100]);
  void write(bytesOf(LARGE - 1));
  expect(stream.map(({ bytes }) => bytes.length)).toEqual([LARGE - 101]);
});

describe('a drain', () => {
  test('waits for what was written before it, and for nothing else', async () => {
    const { writer, write, stream, drains } = rig([0, 0]);
    void write(bytesOf(10));
    const asked = new Promise<void>((resolve) => writer.drain(() => resolve()));
    void write(bytesOf(20));
    expect(drains).toEqual([]);
    stream[0]?.done();
    drains[0]?.();
    await asked;
    await vi.waitUntil(() => stream.length > 1);
  });
});

describe('the capacity', () => {
  /** Drains, and then writes. */
  async function written(room: readonly (number | undefined)[], write = LARGE) {
    const all = rig(room);
    all.writer.drain(() => {});
    all.drains.shift()?.();
    await all.write(bytesOf(write));
    return all;
  }

  test('is what an empty port takes before it refuses more', async () => {
    const { writer, write, drains } = await written([4_000, 3_000]);
    expect(writer.capacity).toBe(4_000);
    writer.drain(() => {});
    drains.shift()?.();
    await write(bytesOf(3_000));
    expect(writer.capacity).toBe(4_000);
  });

  test('adds up over writes, and is the least that was seen', async () => {
    const { writer, write, drains, refuse } = await written([9_000, 7_384]);
    expect(writer.capacity).toBe(9_000);
    writer.drain(() => {});
    drains.shift()?.();
    await write(bytesOf(500));
    refuse();
    void write(bytesOf(10));
    expect(writer.capacity).toBe(500);
  });

  test('is unknown while nothing is refused, or nothing is known to be empty', async () => {
    expect((await written([])).writer.capacity).toBeUndefined();
    const { writer, write } = rig([4_000]);
    await write(bytesOf(LARGE));
    expect(writer.capacity).toBeUndefined();
  });

  test('does not follow from a drain that failed, or during which something was written', async () => {
    const { writer, write, drains } = rig([10, 4_000, LARGE, 5_000]);
    writer.drain(() => {});
    await write(bytesOf(10));
    drains.shift()?.();
    await write(bytesOf(LARGE));
    writer.drain(() => {});
    drains.shift()?.(new Error('not supported'));
    await write(bytesOf(LARGE));
    expect(writer.capacity).toBeUndefined();
  });

  test('does not follow from a terminal that failed', async () => {
    const { writer, write, stream, drains } = rig([undefined]);
    writer.drain(() => {});
    drains.shift()?.();
    const failing = write(bytesOf(10));
    stream[0]?.done();
    await failing;
    expect(writer.capacity).toBeUndefined();
  });
});

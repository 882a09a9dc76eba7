import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../test/observing.js';
import { virtualTime } from '../../../test/virtual-time.js';
import { byteTime, DEFAULT_FORMAT } from './serial-format.js';
import { Wire } from './wire.js';

/** A wire on which a byte takes 1 ms, unless told otherwise, and what came out of it, and when. */
function rig(options: { byteTime?: number; chunk?: number } = {}) {
  const time = virtualTime();
  const out: [at: number, text: string][] = [];
  let idle = 0;
  const wire = new Wire({
    scheduler: time.scheduler,
    byteTime: 1,
    chunk: 64,
    ...options,
    deliver: (bytes) => out.push([time.scheduler.now(), textOf(bytes)]),
    onIdle: () => {
      idle += 1;
    },
  });
  const send = (text: string) => wire.send(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  return { ...time, wire, send, out, idles: () => idle };
}

describe('the time of a byte', () => {
  test.each([
    [{}, 10],
    [{ parity: 'even' }, 11],
    [{ stopBits: 2 }, 11],
    [{ dataBits: 7 }, 9],
    [{ dataBits: 7, parity: 'odd', stopBits: 2 }, 11],
  ] as const)('%j takes %i bits', (format, bits) => {
    expect(byteTime({ ...DEFAULT_FORMAT, ...format, baudRate: 1_000 })).toBe(bits);
  });
});

describe('a wire', () => {
  test('delivers a unit in chunks, its last byte at the very time', () => {
    const { send, out, run } = rig({ chunk: 4 });
    send('0123456789');
    run();
    expect(out).toEqual([
      [4, '0123'],
      [8, '4567'],
      [10, '89'],
    ]);
  });

  test.each([2 ** 31, Date.UTC(2100, 0)])('delivers every byte at %i ms, where times are coarse', (start) => {
    const { scheduler, send, out, run } = rig({ byteTime: 10_000 / 921_600, chunk: 1 });
    scheduler.frame = start;
    for (let unit = 0; unit < 1_000; unit++) send('0123456789');
    run();
    expect(out).toHaveLength(10_000);
    expect(out.at(-1)?.[0]).toBeCloseTo(start + (10_000 * 10_000) / 921_600, 1);
  });

  test('carries units one after another, without a gap', () => {
    const { send, out, advance, run } = rig();
    send('abc');
    advance(1);
    send('de');
    run();
    expect(out).toEqual([
      [3, 'abc'],
      [5, 'de'],
    ]);
  });

  test('begins again after a pause', () => {
    const { send, out, advance, run, idles } = rig();
    send('a');
    advance(10);
    send('b');
    run();
    expect([out, idles()]).toEqual([
      [
        [1, 'a'],
        [11, 'b'],
      ],
      2,
    ]);
  });

  test('stops and goes on when it is told to, and loses nothing', () => {
    const { wire, send, out, advance, run } = rig();
    send('0123456789');
    advance(3.5);
    wire.hold();
    advance(100);
    wire.release();
    run();
    expect(out).toEqual([
      [3.5, '012'],
      [110.5, '3456789'],
    ]);
  });

  test('changes its speed after what was sent before', () => {
    const { wire, send, out, run } = rig();
    send('ab');
    wire.setByteTime(10);
    run();
    send('cd');
    run();
    expect(out).toEqual([
      [2, 'ab'],
      [22, 'cd'],
    ]);
  });

  test('drops what is on it', () => {
    const { wire, send, out, run } = rig();
    send('abc');
    wire.clear();
    run();
    expect([out, wire.backlog]).toEqual([[], 0]);
  });

  test('a clock that is late delivers what is due chunk by chunk', () => {
    const late = { ...virtualTime() };
    const out: [at: number, text: string][] = [];
    const coarse = {
      now: () => Math.ceil(late.scheduler.now() / 16) * 16,
      schedule: late.scheduler.schedule.bind(late.scheduler),
    } as typeof late.scheduler;
    const wire = new Wire({
      scheduler: coarse,
      byteTime: 1,
      chunk: 4,
      deliver: (b) => out.push([coarse.now(), textOf(b)]),
    });
    wire.send(Uint8Array.from('0123456789ABCDEF0123', (char) => char.charCodeAt(0)));
    late.run();
    expect(out).toEqual([
      [16, '0123'],
      [16, '4567'],
      [16, '89AB'],
      [16, 'CDEF'],
      [32, '0123'],
    ]);
  });

  test('is exact over a long time, at any speed and in chunks of any size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(300, 115_200, 460_800, 921_600, 3_000_000),
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 50 }),
        (baudRate, chunk, sizes) => {
          const time = byteTime({ ...DEFAULT_FORMAT, baudRate });
          const { wire, out, run } = rig({ byteTime: time, chunk });
          let sent = 0;
          for (const size of sizes) {
            wire.send(new Uint8Array(size));
            sent += size;
          }
          expect(run()).toBeCloseTo(sent * time, 6);
          let through = 0;
          let error = 0;
          for (const [at, text] of out) {
            through += text.length;
            error = Math.max(error, Math.abs(at - through * time));
          }
          expect(through).toBe(sent);
          expect(error).toBeCloseTo(0, 6);
        },
      ),
    );
  });
});

import { TransportError } from '@a7600/transport';
import { defer, EMPTY, ignoreElements, NEVER, type Observable, throwError, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { FAST_LIMIT, Output, UNSENT_LIMIT } from './output.js';

/** An output on a port that accepts at once, unless the test says otherwise. */
function rig(
  port: {
    baudRate?: number;
    capacity?: number;
    drain?: () => Observable<never>;
    write?: () => Observable<never>;
  } = {},
) {
  const { scheduler, advance } = virtualTime();
  const output = new Output({ received$: NEVER, write: () => EMPTY, ...port } as never, scheduler);
  /** When the last byte leaves the port. */
  const sentAt = () => {
    const seen = observe(output.whenSent());
    advance(0);
    return seen.values[0];
  };
  const accept = (count: number) => observe(output.write(new Uint8Array(count)));
  return { output, scheduler, advance, sentAt, accept };
}

describe('when the last byte leaves the port', () => {
  test('is now when nothing was written', () => {
    const { sentAt, advance } = rig();
    advance(500);
    expect(sentAt()).toBe(500);
  });

  test.each([
    [undefined, 1_152, 100],
    [0, 1_152, 100],
    [9_600, 96, 100],
    [115_200, 2_304, 200],
  ])('follows from the speed of the line: %s bit/s', (baudRate, count, due) => {
    const { sentAt, accept } = rig(baudRate === undefined ? {} : { baudRate });
    accept(count);
    expect(sentAt()).toBe(due);
  });

  test('adds up while bytes wait, and does not begin before they are written', () => {
    const { sentAt, accept, advance } = rig();
    accept(1_152);
    accept(1_152);
    expect(sentAt()).toBe(200);
    advance(150);
    accept(1_152);
    expect(sentAt()).toBe(300);
    advance(1_000);
    accept(1_152);
    expect(sentAt()).toBe(1_250);
  });

  test('is not later than a full buffer takes: a port that accepts more has sent the rest', () => {
    const { sentAt, accept } = rig({ baudRate: 10_000 });
    accept(100_000);
    expect(sentAt()).toBe(UNSENT_LIMIT);
    const faster = rig({ baudRate: 20_000 });
    faster.accept(100_000);
    expect(faster.sentAt()).toBe(UNSENT_LIMIT / 2);
  });

  test('waits for a port that tells, and while flow control holds it back', () => {
    let asked = 0;
    const { output, advance, scheduler } = rig({
      drain: () =>
        defer(() => {
          asked += 1;
          return asked < 3
            ? throwError(() => new TransportError('TIMEOUT', 'held back'))
            : timer(700, scheduler).pipe(ignoreElements());
        }),
    });
    const seen = observe(output.whenSent());
    advance(699);
    expect([asked, seen.values]).toEqual([3, []]);
    advance(1);
    expect(seen.values).toEqual([700]);
  });

  test('is what the speed says where the port cannot tell after all', () => {
    let asked = 0;
    const drain = () =>
      defer(() => {
        asked += 1;
        return throwError(() => new Error('not supported'));
      });
    const { sentAt, accept } = rig({ drain });
    accept(1_152);
    expect([sentAt(), asked]).toEqual([100, 1]);
  });
});

describe('a port that tells what it has sent', () => {
  test('is full at 8,192 unsent bytes, until it has sent what it had when it was asked', () => {
    const { output, accept, sentAt } = rig({ drain: () => EMPTY });
    accept(UNSENT_LIMIT - 1);
    expect(output.isFull).toBe(false);
    accept(1);
    expect(output.isFull).toBe(true);
    sentAt();
    expect(output.isFull).toBe(false);
  });

  test('is full again by what was written while it was asked', () => {
    const { output, accept, advance, scheduler } = rig({
      drain: () => timer(700, scheduler).pipe(ignoreElements()),
    });
    accept(UNSENT_LIMIT);
    observe(output.whenSent());
    accept(UNSENT_LIMIT);
    advance(700);
    expect(output.isFull).toBe(true);
  });

  /** An output whose port takes so many ms to send what it has, at 115,200 bit/s. */
  function judged(time: () => number, port: Parameters<typeof rig>[0] = {}) {
    const all: ReturnType<typeof rig> = rig({
      ...port,
      drain: () => timer(time(), all.scheduler).pipe(ignoreElements()),
    });
    /** Accepts so many bytes, and waits until they are sent. */
    const send = (count: number) => {
      all.accept(count);
      observe(all.output.whenSent());
      all.advance(1_000);
    };
    return { ...all, send };
  }

  test.each([
    ['an eighth of the time of the line', 88, FAST_LIMIT],
    ['more than that', 89, UNSENT_LIMIT],
    ['the time of the line', 711, UNSENT_LIMIT],
  ])('holds more, in larger parts, if it is empty after %s', (_, time, limit) => {
    const { output, accept, send } = judged(() => time);
    send(UNSENT_LIMIT);
    expect(output.chunk).toBe(limit / 2);
    accept(limit - 1);
    expect(output.isFull).toBe(false);
    accept(1);
    expect(output.isFull).toBe(true);
  });

  test('holds less again when it turns slow', () => {
    let time = 0;
    const { output, send } = judged(() => time);
    send(UNSENT_LIMIT);
    time = 711;
    send(FAST_LIMIT);
    expect(output.chunk).toBe(UNSENT_LIMIT / 2);
  });

  test('is not fast because it had little, or nothing more, to send', () => {
    const { output, accept, advance, send } = judged(() => 0);
    send(90);
    accept(UNSENT_LIMIT);
    advance(1_000);
    observe(output.whenSent());
    advance(0);
    expect(output.chunk).toBe(UNSENT_LIMIT / 2);
  });

  test.each([
    ['holds little', FAST_LIMIT / 2, false],
    ['may hold more than that with a part under way', FAST_LIMIT / 2 + 1, true],
  ])('is never full if it is fast and %s', (_, capacity, isFull) => {
    const { output, accept, send } = judged(() => 0, { capacity });
    send(UNSENT_LIMIT);
    accept(FAST_LIMIT);
    expect(output.isFull).toBe(isFull);
  });

  test('is full at 8,192 unsent bytes if it is slow, however little it holds', () => {
    const { output, accept } = judged(() => 711, { capacity: 100 });
    accept(UNSENT_LIMIT);
    expect(output.isFull).toBe(true);
  });

  test.each([
    ['an eighth of the time of the line', 711, false],
    ['more than that', 712, true],
  ])('is asked again if a part is accepted after %s', (_, time, isFull) => {
    let write: Observable<never> = EMPTY;
    const { output, accept, advance, scheduler, send } = judged(() => 0, {
      capacity: 100,
      write: () => write,
    });
    send(UNSENT_LIMIT);
    write = timer(time, scheduler).pipe(ignoreElements());
    accept(FAST_LIMIT / 2);
    advance(time);
    expect(output.isFull).toBe(isFull);
    expect(output.chunk).toBe(isFull ? UNSENT_LIMIT / 2 : FAST_LIMIT / 2);
  });

  test('is not fast because it cannot tell after all', () => {
    const { output, accept, sentAt } = rig({ drain: () => throwError(() => new Error('not supported')) });
    accept(UNSENT_LIMIT);
    sentAt();
    expect(output.chunk).toBe(UNSENT_LIMIT / 2);
  });

  test('that does not tell is never full', () => {
    const { output, accept } = rig();
    accept(10 * UNSENT_LIMIT);
    expect(output.isFull).toBe(false);
  });
});

test('a write fails as that of the port does, and nothing of it counts as sent', () => {
  const { sentAt, accept } = rig({ write: () => throwError(() => new Error('gone')) });
  expect(accept(1_152).end).toEqual({ error: new Error('gone') });
  expect(sentAt()).toBe(0);
});

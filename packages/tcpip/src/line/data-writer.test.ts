import { linkPair } from '@a7600/transport';
import { defer, EMPTY, NEVER, type Observable, of, Subject } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { type VirtualTime, virtualTime } from '../../../testing/test/virtual-time.js';
import { observe, textOf } from '../../test/world.js';
import { GUARD_TIME } from '../base/guard-time.js';
import { DataWriter } from './data-writer.js';
import { Output, UNSENT_LIMIT } from './output.js';

let scheduler: VirtualTime['scheduler'];
let advance: VirtualTime['advance'];
let sent: { at: number; text: string }[];

beforeEach(() => {
  ({ scheduler, advance } = virtualTime());
  sent = [];
});

function writer(port: { drain?: () => Observable<never> } = {}): DataWriter {
  const [near, far] = linkPair();
  far.received$.subscribe((bytes) => sent.push({ at: scheduler.now(), text: textOf([bytes]) }));
  const output = new Output(Object.assign(Object.create(near), port), scheduler);
  return new DataWriter({ output, scheduler, onWritten: () => {} });
}

const put = (to: DataWriter, text: string) =>
  observe(to.write(Uint8Array.from(text, (char) => char.charCodeAt(0))));

describe('plus signs', () => {
  test.each(['+', '++', '+++'])('that stand alone go out one by one, a guard time apart: %s', (pluses) => {
    const to = writer();
    to.release();
    const written = put(to, pluses);
    put(to, 'x');
    advance(10 * GUARD_TIME);
    expect(sent.map(({ text }) => text)).toEqual([...pluses, 'x']);
    for (const [index, { at }] of sent.entries()) expect(at).toBe(index * GUARD_TIME);
    expect(written.end).toBe('complete');
  });

  test.each([1, 2, 3])('at the edge of a buffer are not left to stand alone: %i', (count) => {
    const to = writer();
    to.release();
    put(to, 'x'.repeat(4_096) + '+'.repeat(count));
    expect(sent.map(({ text }) => text.length)).toEqual([4_096 + count]);
  });

  test.each(['++++', 'a+', '+a', '++a', 'a++'])(
    'that are more than three, or not alone, are no escape: %s',
    (text) => {
      const to = writer();
      to.release();
      put(to, text);
      put(to, 'x');
      expect(sent.map((each) => each.text)).toEqual([text, 'x']);
    },
  );
});

describe('held', () => {
  test('writes nothing, and tells when the last byte leaves the port by its speed', () => {
    const to = writer();
    to.release();
    put(to, 'x'.repeat(1_152));
    const held: number[] = [];
    to.hold((silentFrom) => held.push(silentFrom));
    put(to, 'later');
    expect(held).toEqual([100]);
    advance(60_000);
    expect(textOf(sent.map(({ text }) => Uint8Array.from(text, (char) => char.charCodeAt(0))))).not.toContain(
      'later',
    );
    to.release();
    expect(sent.at(-1)?.text).toBe('later');
  });

  test('does not tell before the port has sent everything, where the port knows that', () => {
    const drained = new Subject<never>();
    const to = writer({ drain: () => drained });
    const held: number[] = [];
    to.hold((silentFrom) => held.push(silentFrom));
    advance(5_000);
    expect(held).toEqual([]);
    drained.complete();
    expect(held).toEqual([5_000]);
  });

  test('a release before that cancels it', () => {
    const drained = new Subject<never>();
    const to = writer({ drain: () => drained });
    const held: number[] = [];
    to.hold((silentFrom) => held.push(silentFrom));
    to.release();
    drained.complete();
    expect(held).toEqual([]);
  });
});

test('a port that tells what it has sent never holds more than 8,192 unsent bytes', () => {
  const to = writer({ drain: () => NEVER });
  to.release();
  put(to, 'x'.repeat(100_000));
  expect(sent.reduce((sum, { text }) => sum + text.length, 0)).toBe(UNSENT_LIMIT);
  const all = writer({ drain: () => EMPTY });
  sent = [];
  all.release();
  put(all, 'x'.repeat(100_000));
  expect(sent.reduce((sum, { text }) => sum + text.length, 0)).toBe(100_000);
});

test('an end fails what was not accepted, and every later write, with the first reason', () => {
  const to = writer();
  const waiting = put(to, 'x');
  to.end(new Error('over'));
  to.end(new Error('over again'));
  expect([waiting.end, put(to, 'y').end]).toEqual(Array(2).fill({ error: new Error('over') }));
});

/** A writer whose port accepts when the test says so. */
function slowWriter() {
  const accepting: Subject<never>[] = [];
  const output = {
    isFull: false,
    chunk: UNSENT_LIMIT / 2,
    whenSent: () => of(scheduler.now()),
    write: (bytes: Uint8Array) => {
      sent.push({ at: scheduler.now(), text: textOf([bytes]) });
      const accepted = new Subject<never>();
      accepting.push(accepted);
      return accepted;
    },
  };
  const to = new DataWriter({ output, scheduler, onWritten: () => {} });
  return {
    to,
    accept: () => accepting.shift()?.complete(),
    fail: (error: Error) => accepting.shift()?.error(error),
  };
}
const texts = () => sent.map(({ text }) => text);

describe('a write', () => {
  test('waits until the one before is accepted, and completes when it is', () => {
    const { to, accept } = slowWriter();
    to.release();
    const [first, second] = [put(to, 'first'), put(to, 'second')];
    expect([texts(), first.end]).toEqual([['first'], 'open']);
    accept();
    expect([texts(), first.end, second.end]).toEqual([['first', 'second'], 'complete', 'open']);
    accept();
    expect(second.end).toBe('complete');
  });

  test('that waits goes out before the writer of the one before is told', () => {
    const { to, accept } = slowWriter();
    to.release();
    const seen: string[][] = [];
    to.write(Uint8Array.of(0x61)).subscribe({ complete: () => seen.push(texts()) });
    put(to, 'second');
    accept();
    expect(seen).toEqual([['a', 'second']]);
  });

  test('of nothing completes after those before it, and is not sent', () => {
    const { to, accept } = slowWriter();
    to.release();
    const [first, nothing] = [put(to, 'first'), put(to, '')];
    expect(nothing.end).toBe('open');
    accept();
    expect([first.end, nothing.end, texts()]).toEqual(['complete', 'complete', ['first']]);
  });

  test('that was handed to the port fails with the line, also if it is accepted then', () => {
    const { to, accept } = slowWriter();
    to.release();
    const written = put(to, 'first');
    to.end(new Error('over'));
    accept();
    expect(written.end).toEqual({ error: new Error('over') });
  });

  test('goes out with the others that wait, as far as one chunk holds them', () => {
    const { to, accept } = slowWriter();
    to.release();
    const writes = ['first', 'second', '', 'third', 'x'.repeat(5_000)].map((text) => put(to, text));
    accept();
    expect(texts()).toEqual(['first', `secondthird${'x'.repeat(4_085)}`]);
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'open', 'open', 'open', 'open']);
    accept();
    expect(texts()[2]).toBe('x'.repeat(915));
    expect(writes.map(({ end }) => end)).toEqual([...Array(4).fill('complete'), 'open']);
    accept();
    expect(writes[4]?.end).toBe('complete');
  });

  test('of plus signs alone goes out after those that wait, not with them', () => {
    const { to, accept } = slowWriter();
    to.release();
    for (const text of ['first', 'second', '++', 'third']) put(to, text);
    for (let count = 0; count < 4; count++) {
      accept();
      advance(GUARD_TIME);
    }
    expect(texts()).toEqual(['first', 'second', '+', '+', 'third']);
  });

  test('whose last bytes are plus signs is not cut before them, so that they never stand alone', () => {
    const { to, accept } = slowWriter();
    to.release();
    for (const text of ['first', 'second', `${'x'.repeat(4_090)}+++`]) put(to, text);
    accept();
    expect(texts()[1]).toBe(`second${'x'.repeat(4_090)}+++`);
  });

  test('that its subscriber has left is not sent, and the next one is', () => {
    const { to, accept } = slowWriter();
    to.release();
    put(to, 'first');
    put(to, 'second').unsubscribe();
    put(to, 'third');
    accept();
    expect(texts()).toEqual(['first', 'third']);
  });

  test('that its subscriber has left sends no further part of itself', () => {
    const { to, accept } = slowWriter();
    to.release();
    const long = put(to, 'x'.repeat(10_000));
    put(to, 'next');
    long.unsubscribe();
    accept();
    expect(texts().map((text) => text.length)).toEqual([4_096, 4]);
  });

  test('that is given up while the line is held waits for nothing', () => {
    const { to } = slowWriter();
    put(to, 'first').unsubscribe();
    put(to, 'second');
    to.release();
    expect(texts()).toEqual(['second']);
  });

  test('that the port refuses fails, and so does everything after it', () => {
    const { to, fail } = slowWriter();
    to.release();
    const writes = [put(to, 'first'), put(to, 'second')];
    fail(new Error('gone'));
    expect(writes.map(({ end }) => end)).toEqual(Array(2).fill({ error: new Error('gone') }));
    expect(texts()).toEqual(['first']);
  });

  test('of many parts that the port accepts at once needs no deep stack', () => {
    let parts = 0;
    const write = () =>
      defer(() => {
        parts += 1;
        return EMPTY;
      });
    const output = { isFull: false, chunk: 4_096, whenSent: () => EMPTY, write };
    const to = new DataWriter({ output, scheduler, onWritten: () => {} });
    to.release();
    expect(observe(to.write(new Uint8Array(4_096 * 5_000))).end).toBe('complete');
    expect(parts).toBe(5_000);
  });
});

describe('a hold', () => {
  test('waits for what the port is accepting', () => {
    const { to, accept } = slowWriter();
    to.release();
    put(to, 'x');
    const held: number[] = [];
    to.hold((silentFrom) => held.push(silentFrom));
    advance(100);
    expect(held).toEqual([]);
    accept();
    expect(held).toEqual([100]);
  });

  test('ends also when the port fails', () => {
    const { to, fail } = slowWriter();
    to.release();
    put(to, 'x');
    const held: number[] = [];
    to.hold((silentFrom) => held.push(silentFrom));
    fail(new Error('gone'));
    expect(held).toEqual([0]);
  });

  test('does not end the guard time of plus signs', () => {
    const to = writer();
    to.release();
    put(to, '+');
    to.hold(() => {});
    put(to, 'x');
    to.release();
    expect(texts()).toEqual(['+']);
    advance(GUARD_TIME);
    expect(texts()).toEqual(['+', 'x']);
  });
});

describe('idle', () => {
  const idle = (to: DataWriter) => {
    const calls: string[] = [];
    to.whenIdle(() => calls.push('idle'));
    return calls;
  };

  test('is a writer with nothing to do, at once', () => {
    const { to } = slowWriter();
    expect(idle(to)).toEqual(['idle']);
  });

  test('is not one that is held with something to write', () => {
    const { to, accept } = slowWriter();
    put(to, 'x');
    const calls = idle(to);
    expect(calls).toEqual([]);
    to.release();
    expect(calls).toEqual([]);
    accept();
    expect(calls).toEqual(['idle']);
  });

  test('is not one whose last write was taken back while the port accepts it', () => {
    const { to, accept } = slowWriter();
    to.release();
    put(to, 'x').unsubscribe();
    const calls = idle(to);
    expect(calls).toEqual([]);
    accept();
    expect(calls).toEqual(['idle']);
  });

  test('is one that has ended', () => {
    const { to } = slowWriter();
    put(to, 'x');
    const calls = idle(to);
    to.end(new Error('over'));
    expect(calls).toEqual(['idle']);
  });

  test.each([true, false])('is one that has ended, though the port has not answered; held: %s', (isHeld) => {
    const { to, fail } = slowWriter();
    to.release();
    put(to, 'x');
    if (isHeld) to.hold(() => {});
    to.end(new Error('over'));
    const calls = idle(to);
    expect(calls).toEqual(['idle']);
    fail(new Error('gone'));
    expect(calls).toEqual(['idle']);
  });
});

test('a port that has accepted nothing for 10 s is stopped', () => {
  const { to, accept } = slowWriter();
  expect(to.isStopped).toBe(false);
  to.release();
  put(to, 'x');
  advance(9_999);
  expect(to.isStopped).toBe(false);
  advance(1);
  expect(to.isStopped).toBe(true);
  accept();
  expect(to.isStopped).toBe(false);
});

test('a writer counts as stopped 10 s after the port has been given what it does not accept', () => {
  const output = { write: () => NEVER, whenSent: () => NEVER, isFull: false, chunk: 4_096 };
  const to = new DataWriter({ output, scheduler, onWritten: () => {} });
  to.release();
  advance(6_000);
  expect(to.isStopped).toBe(false);
  put(to, 'x');
  advance(9_999);
  expect(to.isStopped).toBe(false);
  advance(1);
  expect(to.isStopped).toBe(true);
});

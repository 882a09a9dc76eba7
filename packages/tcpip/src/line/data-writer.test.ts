import { linkPair } from '@a7600/transport';
import { EMPTY, NEVER, type Observable, Subject, VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { observe, textOf } from '../../test/world.js';
import { GUARD_TIME } from '../base/guard-time.js';
import { DataWriter } from './data-writer.js';
import { Output, UNSENT_LIMIT } from './output.js';

let scheduler: VirtualTimeScheduler;
let sent: { at: number; text: string }[];

beforeEach(() => {
  scheduler = new VirtualTimeScheduler(undefined, 0);
  sent = [];
});

const advance = (ms: number) => {
  scheduler.maxFrames = scheduler.frame + ms;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
};

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

  test('four or more are no escape', () => {
    const to = writer();
    to.release();
    put(to, '++++');
    expect(sent.map(({ text }) => text)).toEqual(['++++']);
  });
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

test('an end fails what was not accepted, and every later write', () => {
  const to = writer();
  const waiting = put(to, 'x');
  to.end(new Error('over'));
  expect([waiting.end, put(to, 'y').end]).toEqual(Array(2).fill({ error: new Error('over') }));
});

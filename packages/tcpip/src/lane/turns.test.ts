import { cipRxGet, csq } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import type { Job, TrafficSource } from './job.js';
import { Turns } from './turns.js';

const control = (): Job => ({ command: csq(), settle: () => {} });
/** Traffic of a link, so many commands of it. */
function traffic(link: number, count: number, joins?: boolean): TrafficSource {
  let left = count;
  return {
    ...(joins === undefined ? {} : { joins }),
    next: () => (left-- > 0 ? { command: cipRxGet.take({ link }), settle: () => {} } : undefined),
  };
}
const textOf = (job: Job | undefined) => job?.command.text;

describe('who waits', () => {
  test('is a control command until it is taken or cancelled', () => {
    const turns = new Turns(1);
    expect(turns.isWaiting).toBe(false);
    const [first, second] = [control(), control()];
    turns.queueUp(first);
    turns.queueUp(second);
    expect(turns.isWaiting).toBe(true);
    expect(turns.next()).toBe(first);
    turns.cancel(first);
    expect(turns.isWaiting).toBe(true);
    turns.cancel(second);
    expect([turns.isWaiting, turns.next()]).toEqual([false, undefined]);
  });

  test('is a source until it was asked, once however often it was woken', () => {
    const turns = new Turns(1);
    const source = traffic(1, 5);
    turns.wake(source);
    turns.wake(source);
    expect(turns.isWaiting).toBe(true);
    expect(textOf(turns.next())).toBe('AT+CIPRXGET=2,1,1500');
    expect([turns.next(), turns.isWaiting]).toEqual([undefined, false]);
  });

  test('is no one after all was taken out', () => {
    const turns = new Turns(1);
    const job = control();
    turns.queueUp(job);
    turns.wake(traffic(1, 1));
    expect(turns.clear()).toEqual([job]);
    expect([turns.isWaiting, turns.next()]).toEqual([false, undefined]);
  });
});

test('control commands and traffic take turns, a control command first', () => {
  const turns = new Turns(1);
  for (const link of [1, 2]) turns.wake(traffic(link, 1));
  for (let count = 0; count < 3; count++) turns.queueUp(control());
  expect(Array.from({ length: 6 }, () => textOf(turns.next()))).toEqual([
    'AT+CSQ',
    'AT+CIPRXGET=2,1,1500',
    'AT+CSQ',
    'AT+CIPRXGET=2,2,1500',
    'AT+CSQ',
    undefined,
  ]);
});

describe('reads that share a line', () => {
  const READ = (link: number) => `+CIPRXGET=2,${link},1500`;

  test.each([
    [
      'so many as may, in order',
      2,
      [true, true, true],
      ['AT+CIPRXGET=2,0,1500;+CIPRXGET=2,1,1500', `AT${READ(2)}`],
    ],
    ['none where one may', 1, [true, true], [`AT${READ(0)}`, `AT${READ(1)}`]],
    ['none of sources that do not share', 3, [undefined, true], [`AT${READ(0)}`, `AT${READ(1)}`]],
    ['past sources that do not share', 3, [true, false, true], [`AT${READ(0)};${READ(2)}`, `AT${READ(1)}`]],
  ] as const)('are %s', (_, joined, kinds, lines) => {
    const turns = new Turns(joined);
    for (const [link, joins] of kinds.entries()) turns.wake(traffic(link, 1, joins));
    expect(lines.map(() => textOf(turns.next()))).toEqual(lines);
    expect(turns.isWaiting).toBe(false);
  });

  test('leave out a source that has nothing to do', () => {
    const turns = new Turns(3);
    for (const [link, count] of [1, 0, 1].entries()) turns.wake(traffic(link, count, true));
    expect(textOf(turns.next())).toBe(`AT${READ(0)};${READ(2)}`);
  });

  test('are none when no source has anything to do', () => {
    expect(new Turns(3).next()).toBeUndefined();
  });

  test('one alone stays the job of its source', () => {
    const job = control();
    const turns = new Turns(3);
    turns.wake({ joins: true, next: () => job });
    expect(turns.next()).toBe(job);
  });
});

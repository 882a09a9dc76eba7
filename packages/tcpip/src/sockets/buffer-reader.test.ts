import { AtError } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { readerRig } from '../../test/reader-rig.js';
import { textOf } from '../../test/world.js';
import { ModemError } from '../base/errors.js';

const READ = 'AT+CIPRXGET=2,3,1500';
const noData = () => new AtError('IP_ERROR', 'No data', { number: 22 });

let { reader, bytes, received, lost, turn, answer, begin, fail, subscribe, scheduler, advance } = readerRig();
beforeEach(() => {
  ({ reader, bytes, received, lost, turn, answer, begin, fail, subscribe, scheduler, advance } = readerRig());
});

test('reads when there may be something and the queue has demand', () => {
  reader.notify();
  expect(turn()).toBeUndefined();
  subscribe();
  expect(turn()).toBe(READ);
  answer('hello', 0);
  expect(textOf(received)).toBe('hello');
  expect(turn()).toBeUndefined();
});

test('reads on until nothing is left', () => {
  subscribe();
  reader.notify();
  turn();
  answer('a', 7);
  expect(turn()).toBe(READ);
  answer('b', 0);
  expect(turn()).toBeUndefined();
});

test('a notification during a read asks for another one', () => {
  subscribe();
  reader.notify();
  turn();
  reader.notify();
  answer('a', 0);
  expect(turn()).toBe(READ);
  fail(noData());
  expect(turn()).toBeUndefined();
});

test('does not read on while it is paused', () => {
  subscribe();
  reader.notify();
  turn();
  bytes.pause();
  answer('a', 7);
  expect(turn()).toBeUndefined();
  bytes.resume();
  expect(textOf(received)).toBe('a');
  expect(turn()).toBe(READ);
});

describe('draining', () => {
  test('fetches everything without demand, then says so', () => {
    let drained = 0;
    reader.drain(() => (drained += 1));
    expect(turn()).toBe(READ);
    answer('a', 1);
    expect(turn()).toBe(READ);
    answer('b', 0);
    expect(drained).toBe(1);
    expect(bytes.queuedBytes).toBe(2);
  });

  test('ends at once when there is nothing', () => {
    let drained = 0;
    reader.drain(() => (drained += 1));
    turn();
    fail(noData());
    expect(drained).toBe(1);
  });

  test('starts after a read that is under way', () => {
    let drained = 0;
    subscribe();
    reader.notify();
    turn();
    reader.drain(() => (drained += 1));
    expect(turn()).toBeUndefined();
    answer('a', 0);
    expect(turn()).toBe(READ);
    fail(noData());
    expect(drained).toBe(1);
  });
});

test('refusals do not loop: the third in a row waits for the next notification (pain point 3)', () => {
  subscribe();
  for (let attempt = 0; attempt < 3; attempt++) {
    reader.notify();
    turn();
    reader.notify();
    fail(new AtError('REFUSED', 'ERROR'));
  }
  expect(turn()).toBeUndefined();
  reader.notify();
  expect(turn()).toBe(READ);
});

test('a read that was refused is done once more', () => {
  subscribe();
  reader.notify();
  turn();
  fail(new AtError('REFUSED', 'ERROR'));
  expect(turn()).toBe(READ);
  answer('a', 0);
  expect(turn()).toBeUndefined();
});

test('a read that was not answered may have taken bytes with it: the link is lost', () => {
  subscribe();
  reader.notify();
  turn();
  const error = new ModemError('TIMEOUT', 'late');
  fail(error);
  expect(lost).toEqual([error]);
});

test.each([
  ['has begun is answered for the reader that asked', true],
  ['has not begun is answered for the successor', false],
])('a read whose answer %s (Q-34)', (_, begun) => {
  const next = readerRig();
  subscribe();
  next.subscribe();
  reader.notify();
  turn();
  if (begun) begin();
  reader.stop();
  reader.handOver(next.reader);
  next.reader.notify();
  expect(next.turn()).toBe(begun ? READ : undefined);
  answer('a', 0);
  expect([textOf(received), textOf(next.received)]).toEqual(begun ? ['a', ''] : ['', 'a']);
});

test('a turn that was asked for is not used once the link has a successor (Q-34)', () => {
  reader.notify();
  subscribe();
  reader.stop();
  expect(turn()).toBeUndefined();
});

describe('firmware that always reports a rest and gives nothing', () => {
  test('is read with growing pauses, also when it notifies all the time', () => {
    subscribe();
    reader.notify();
    let reads = 0;
    for (let second = 0; second < 600; second++) {
      for (let tenth = 0; tenth < 10; tenth++) {
        reader.notify();
        if (turn() === READ) {
          reads += 1;
          answer('', 100);
        }
        advance(100);
      }
    }
    expect(reads).toBeGreaterThan(60);
    expect(reads).toBeLessThan(75);
    expect(lost).toEqual([]);
  });

  test('is read without a pause again once it gives something', () => {
    subscribe();
    reader.notify();
    for (let read = 0; read < 3; read++) {
      expect(turn()).toBe(READ);
      answer('', 5);
      expect(turn()).toBeUndefined();
      advance(1_000);
    }
    expect(turn()).toBe(READ);
    answer('he', 3);
    expect(turn()).toBe(READ);
    answer('llo', 0);
    expect(textOf(received)).toBe('hello');
  });

  test.each(['drain', 'drainHeld'] as const)('does not keep a link open: %s gives up', (drain) => {
    const drained: string[] = [];
    reader[drain](() => drained.push('drained'));
    for (let second = 0; second < 60; second++) {
      if (turn() === READ) answer('', 100);
      advance(1_000);
    }
    expect([drained, lost.map(({ message }) => message)]).toEqual([
      [],
      ['the module says that it holds more bytes, and gives none of them'],
    ]);
  });

  test('that is stopped meanwhile leaves nothing scheduled', () => {
    subscribe();
    reader.notify();
    turn();
    answer('', 100);
    reader.stop();
    expect(scheduler.actions).toEqual([]);
  });
});

import { AtError, IpErrorNumber } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { blockOf, readerRig } from '../../test/reader-rig.js';
import { textOf } from '../../test/world.js';

const READ = 'AT+CIPRXGET=2,3,1500';
const refused = () => new AtError('REFUSED', 'ERROR');
const noData = () => new AtError('IP_ERROR', 'No data', { number: 22 });

let { reader, received, lost, turn, answer, skip, begin, fail, subscribe, scheduler, advance } = readerRig();
beforeEach(() => {
  ({ reader, received, lost, turn, answer, skip, begin, fail, subscribe, scheduler, advance } = readerRig());
});

test('as hexadecimal digits half as much is read at a time (application note, 3.2.5)', () => {
  const { reader, turn, subscribe } = readerRig({ hex: true });
  subscribe();
  reader.notify();
  expect(turn()).toBe('AT+CIPRXGET=3,3,750');
});

test('a read that is skipped is done in a later turn', () => {
  subscribe();
  reader.notify();
  turn();
  expect(turn()).toBeUndefined();
  skip();
  expect(turn()).toBe(READ);
  answer('a', 0);
  expect(textOf(received)).toBe('a');
});

describe('what a close waits for: what the module holds by now', () => {
  /** Answers reads from what the module holds; the peer sends a byte with each. */
  function draining(first: number, perRead: number) {
    let drained = 0;
    let reads = 0;
    reader.drainHeld(() => (drained += 1));
    let held = first;
    while (drained === 0 && reads < 100) {
      expect(turn()).toBe(READ);
      reads += 1;
      const given = Math.min(perRead, held);
      held += 1 - given;
      answer('x'.repeat(given), held);
    }
    return { drained, reads };
  }

  test.each([
    [10, 10, 2],
    [30, 10, 4],
    [1, 10, 2],
  ])(
    '%i bytes, read %i at a time, are %i reads although the peer goes on sending',
    (first, perRead, reads) => {
      expect(draining(first, perRead)).toEqual({ drained: 1, reads });
    },
  );

  test('nothing more is read when nothing is held', () => {
    let drained = 0;
    reader.drainHeld(() => (drained += 1));
    turn();
    answer('', 0);
    expect([drained, turn()]).toEqual([1, undefined]);
  });

  test('a refused read in between does not end it', () => {
    let drained = 0;
    reader.drainHeld(() => (drained += 1));
    turn();
    answer('a', 3);
    turn();
    fail(refused());
    expect([drained, turn()]).toEqual([0, READ]);
    answer('bcd', 5);
    expect(drained).toBe(1);
  });
});

describe('reads that give nothing although the module holds something', () => {
  test('are given up after the eighth in a row when the link is to be closed', () => {
    reader.drain(() => {});
    for (let read = 1; read <= 8; read++) {
      expect([turn(), lost]).toEqual([READ, []]);
      answer('', 5);
      if (read < 8) advance(100 * 2 ** (read - 1));
    }
    expect(lost).toHaveLength(1);
    advance(60_000);
    expect([turn(), scheduler.actions]).toEqual([undefined, []]);
  });

  test.each([
    [1, 100],
    [2, 200],
    [7, 6_400],
    [8, 10_000],
    [9, 10_000],
  ])('of which this is the %i. pause for %i ms', (count, pause) => {
    subscribe();
    reader.notify();
    for (let read = 1; read < count; read++) {
      turn();
      answer('', 5);
      advance(10_000);
    }
    turn();
    answer('', 5);
    advance(pause - 1);
    expect(turn()).toBeUndefined();
    advance(1);
    expect(turn()).toBe(READ);
  });

  test('are no reason to pause when the module holds nothing', () => {
    subscribe();
    reader.notify();
    turn();
    answer('', 0);
    expect(scheduler.actions).toEqual([]);
    reader.notify();
    expect(turn()).toBe(READ);
  });
});

describe('a read that is refused', () => {
  test('with "No data" (Q-19) ends the row of refusals', () => {
    subscribe();
    reader.notify();
    for (const error of [refused(), refused(), noData()]) {
      expect(turn()).toBe(READ);
      fail(error);
    }
    expect(turn()).toBeUndefined();
    reader.notify();
    for (const error of [refused(), refused()]) {
      expect(turn()).toBe(READ);
      fail(error);
    }
    expect(turn()).toBe(READ);
  });

  test('because the network is closed ends the link', () => {
    subscribe();
    reader.notify();
    turn();
    const error = new AtError('IP_ERROR', 'Network not opened', { number: IpErrorNumber.NETWORK_NOT_OPENED });
    fail(error);
    expect(lost).toEqual([error]);
  });

  test('is followed by one that counts from the beginning after a read that gave something', () => {
    subscribe();
    reader.notify();
    for (let round = 0; round < 3; round++) {
      turn();
      fail(refused());
      turn();
      fail(refused());
      expect(turn()).toBe(READ);
      answer('a', 1);
    }
    expect(textOf(received)).toBe('aaa');
  });
});

describe('a block whose read had ended', () => {
  test('is delivered, and a rest is read', () => {
    subscribe();
    reader.orphanedRead(blockOf('hello', 5, 7));
    expect(textOf(received)).toBe('hello');
    expect(turn()).toBe(READ);
  });

  test('and that leaves nothing asks for nothing', () => {
    subscribe();
    reader.orphanedRead(blockOf('hello'));
    expect([textOf(received), turn()]).toEqual(['hello', undefined]);
  });

  test('and is not complete ends the link, for its bytes are lost', () => {
    subscribe();
    reader.orphanedRead(blockOf('hel', 5));
    expect([received, lost.map(({ message }) => message)]).toEqual([
      [],
      [expect.stringContaining('bytes were lost inside the block')],
    ]);
  });
});

describe('a link that has a successor', () => {
  test('has nothing to hand over without a read under way', () => {
    const next = readerRig();
    next.subscribe();
    reader.handOver(next.reader);
    next.reader.notify();
    expect(next.turn()).toBe(READ);
  });

  test('of a read that is skipped, the successor reads', () => {
    const next = readerRig();
    subscribe();
    next.subscribe();
    reader.notify();
    turn();
    reader.stop();
    reader.handOver(next.reader);
    skip();
    expect([turn(), next.turn()]).toEqual([undefined, READ]);
  });

  test('keeps the answer that has begun, and a later read is another one', () => {
    const next = readerRig();
    subscribe();
    reader.notify();
    turn();
    begin();
    answer('a', 1);
    turn();
    reader.stop();
    reader.handOver(next.reader);
    next.subscribe();
    answer('b', 0);
    expect([textOf(received), textOf(next.received)]).toEqual(['a', 'b']);
  });
});

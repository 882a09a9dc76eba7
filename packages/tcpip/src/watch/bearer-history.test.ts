import { beforeEach, describe, expect, test } from 'vitest';
import { BearerHistory } from './bearer-history.js';

const EVERY = 600_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let history: BearerHistory;

beforeEach(() => {
  history = new BearerHistory();
});

/** The minutes of a day at which a check that fails each 10 minutes may end the network. */
function ends(): number[] {
  const times: number[] = [];
  for (let minute = 10; minute < 24 * 60; minute += 10) {
    history.checkFailed();
    if (history.takeEnd(minute * MINUTE, EVERY)) times.push(minute);
  }
  return times;
}

describe('a check that fails', () => {
  test('ends the network at pauses that double, up to 6 h', () => {
    expect(ends()).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_360]);
  });

  test('ends it no more once data has passed all the same', () => {
    expect(history.checkFailed()).toBe(false);
    expect(history.takeEnd(10 * MINUTE, EVERY)).toBe(true);
    history.passed(12 * MINUTE);
    expect(history.checkFailed()).toBe(true);
    expect(history.takeEnd(10 * HOUR, EVERY)).toBe(false);
  });

  test('is believed again when it has passed', () => {
    ends();
    history.passed(24 * HOUR);
    history.checkPassed();
    expect(history.checkFailed()).toBe(false);
    expect(ends()).toHaveLength(9);
  });

  test('is believed when data passed before it failed', () => {
    history.passed(0);
    history.checkFailed();
    expect(history.takeEnd(MINUTE, EVERY)).toBe(true);
  });
});

test('when data passed last', () => {
  expect([history.hasPassed, history.hasPassedSince(0)]).toEqual([false, false]);
  history.passed(5);
  expect([history.hasPassed, history.hasPassedSince(5), history.hasPassedSince(6)]).toEqual([
    true,
    true,
    false,
  ]);
});

import { describe, expect, test } from 'vitest';
import { Rivalry } from './rivalry.js';

const MINUTE = 60_000;

/** Another program opens something each minute: when it is ended, and the pauses that were told. */
function ends(minutes: number) {
  const rivalry = new Rivalry();
  const pauses: number[] = [];
  const ended: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    if (rivalry.mayEnd(minute * MINUTE, (pause) => pauses.push(pause))) ended.push(minute);
  }
  return { ended, pauses };
}

describe('another program', () => {
  test('whose things come again and again is left alone for pauses that double, up to 6 hours', () => {
    const { ended, pauses } = ends(3_000);
    expect(ended.slice(0, 8)).toEqual([0, 1, 2, 4, 8, 16, 32, 64]);
    expect(pauses.slice(0, 4)).toEqual([120_000, 240_000, 480_000, 960_000]);
    expect(Math.max(...pauses)).toBe(21_600_000);
  });

  test('that has left several things at once is ended whole', () => {
    const rivalry = new Rivalry();
    const pauses: number[] = [];
    expect(Array.from({ length: 20 }, () => rivalry.mayEnd(0, (pause) => pauses.push(pause)))).not.toContain(
      false,
    );
    expect(pauses).toEqual([]);
  });

  test('is forgotten after ten calm minutes', () => {
    let now = 0;
    const rivalry = new Rivalry();
    const pauses: number[] = [];
    for (let times = 0; times < 20; times++) {
      expect(rivalry.mayEnd(now, (pause) => pauses.push(pause))).toBe(true);
      now += 10 * MINUTE;
    }
    expect(pauses).toEqual([]);
  });
});

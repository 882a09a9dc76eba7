import { describe, expect, test } from 'vitest';
import { Restarts } from './restarts.js';

const MINUTE = 60_000;

/** The codes of restarts at these times in ms. */
function codes(restarts: Restarts, ...times: readonly number[]): string[] {
  return times.map((time) => {
    restarts.note(time);
    return restarts.error(time).code;
  });
}

describe('the fourth restart within an hour is told as a loop', () => {
  test('with the count, the time and the usual cause', () => {
    const restarts = new Restarts();
    expect(codes(restarts, 0, 15 * MINUTE, 30 * MINUTE)).toEqual(Array(3).fill('MODULE_RESTARTED'));
    restarts.note(45 * MINUTE);
    expect(restarts.error(45 * MINUTE)).toMatchObject({
      code: 'RESTART_LOOP',
      message: expect.stringMatching(/^The module restarted 4 times in 2700 s although .* supply/),
    });
  });

  test('and not one that comes later', () => {
    expect(codes(new Restarts(), 0, MINUTE, 2 * MINUTE, 60 * MINUTE)).not.toContain('RESTART_LOOP');
  });

  test('lines of one start count once', () => {
    const restarts = new Restarts();
    for (const time of [0, 500, 1_000, 2_900]) restarts.note(time);
    expect(restarts.error(2_900).code).toBe('MODULE_RESTARTED');
    expect(codes(restarts, 3_000, 6_000, 9_000)).toEqual([
      'MODULE_RESTARTED',
      'MODULE_RESTARTED',
      'RESTART_LOOP',
    ]);
  });
});

describe('a restart that a command asked for', () => {
  test('names the command, and does not count', () => {
    const restarts = new Restarts();
    for (let at = 0; at < 10; at++) {
      restarts.ask('AT+CRESET', at * MINUTE);
      restarts.note(at * MINUTE + 8_000);
      expect(restarts.error(at * MINUTE + 8_000)).toMatchObject({
        code: 'MODULE_RESTARTED',
        message: expect.stringMatching(/^The module restarted, which AT\+CRESET had asked it for/),
      });
    }
  });

  test('is one that follows within a minute', () => {
    const restarts = new Restarts();
    restarts.ask('AT+CFUN', 0);
    restarts.note(MINUTE);
    expect(restarts.error(MINUTE).message).toMatch(/by itself/);
  });
});

describe('a module that does not answer', () => {
  const restarts = new Restarts();
  restarts.ask('AT+CPOF', 0);

  test('may have been switched off by a command, which is named', () => {
    expect(restarts.explanation(84_000)).toBe(
      ' It was sent AT+CPOF 84 s ago, which restarts it or switches it off.',
    );
  });

  test('is not explained by one of long ago, or of before its last start', () => {
    expect(restarts.explanation(600_001)).toBe('');
    restarts.note(90_000);
    expect([restarts.explanation(100_000), new Restarts().explanation(0)]).toEqual(['', '']);
  });
});

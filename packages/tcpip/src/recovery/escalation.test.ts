import { type RecoveryLevel, type RemedyCode, TransportError } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import { ModemError } from '../base/errors.js';
import { Escalation } from './escalation.js';

const ALL: readonly RecoveryLevel[] = ['link', 'link', 'bearer', 'radio', 'reset', 'power'];
const MINUTE = 60_000;

/** The levels of failures with that code, and the module's number for it, one a minute. */
function levels(code: RemedyCode, count: number, number?: number): RecoveryLevel[] {
  const escalation = new Escalation(ALL);
  return Array.from({ length: count }, (_, at) =>
    escalation.next(Object.assign(new Error(), { code, number }), at === 0, at * MINUTE),
  );
}

describe('the recovery levels', () => {
  test('escalate while failures follow each other', () => {
    expect(levels('NETWORK_LOST', 6)).toEqual(ALL);
  });

  test('are those that make sense for the error', () => {
    expect(levels('MODULE_SILENT', 4)).toEqual(['link', 'link', 'power', 'link']);
    expect(levels('RESTART_LOOP', 3)).toEqual(['link', 'link', 'power']);
    expect(levels('REGISTRATION_DENIED', 8)).not.toContain('power');
  });

  test.each(['PORT_BUSY', 'PORT_NOT_FOUND', 'CONNECTION_REFUSED', 'SIM_MISSING', 'BUDGET_SPENT'] as const)(
    'leave the module alone after %s, however often',
    (code) => {
      expect(new Set(levels(code, 500))).toEqual(new Set(['link']));
    },
  );

  test.each(['REFUSED', 'CME_ERROR', 'IP_ERROR', 'SOCKET_ERROR', 'UNREADABLE_ANSWER'] as const)(
    'do not cut the power of a module that answers: %s',
    (code) => {
      expect(levels(code, 500)).not.toContain('power');
    },
  );

  test.each([
    ['a missing SIM', 10],
    ['a wrong PIN', 16],
    ['an unsupported command', 4],
  ])('are chosen by the reason of a refusal: %s leaves the module alone', (_, number) => {
    expect(new Set(levels('CME_ERROR', 50, number))).toEqual(new Set(['link']));
  });

  test('restart the module at most once in 2 minutes, growing to once an hour, and leave it alone in between', () => {
    const all = levels('REFUSED', 24 * 60);
    const times = all.flatMap((level, at) => (level === 'reset' ? [at] : []));
    const pauses = times.slice(1).map((at, index) => at - (times[index] as number));
    expect(pauses.slice(0, 7)).toEqual([2, 4, 8, 16, 32, 60, 60]);
    expect(new Set(all.slice(4))).toEqual(new Set(['link', 'reset']));
  });

  test('restart it while the pause of its power runs', () => {
    expect(levels('NETWORK_LOST', 12).slice(4)).toEqual([
      'reset',
      'power',
      'reset',
      'link',
      'link',
      'link',
      'reset',
      'link',
    ]);
  });

  test('are not brought nearer by waiting for the port', () => {
    const escalation = new Escalation(ALL);
    const gone = new TransportError('PORT_NOT_FOUND', 'gone');
    for (let at = 0; at < 100; at++) escalation.next(gone, at === 0, at);
    expect(escalation.next(new ModemError('MODULE_SILENT', 'silent'), false, 100)).toBe('link');
  });
});

describe('the power of the module', () => {
  /** Times in minutes of the power cycles of a module that stays silent, with an attempt a minute. */
  function powered(minutes: number): number[] {
    const escalation = new Escalation(ALL);
    const silent = new ModemError('MODULE_SILENT', 'silent');
    const all = Array.from({ length: minutes }, (_, at) => escalation.next(silent, at === 0, at * MINUTE));
    return all.flatMap((level, at) => (level === 'power' ? [at] : []));
  }

  test('is cut at most once in 15 minutes, growing to once in 6 hours', () => {
    const times = powered(3 * 24 * 60);
    const pauses = times.slice(1).map((at, index) => at - (times[index] as number));
    expect(pauses.slice(0, 6)).toEqual([15, 30, 60, 120, 240, 360]);
    expect(new Set(pauses.slice(5))).toEqual(new Set([360]));
  });

  test('is not cut sooner because the module was online for some minutes in between', () => {
    const escalation = new Escalation(['power']);
    const silent = new ModemError('MODULE_SILENT', 'silent');
    const at = (minute: number) => escalation.next(silent, true, minute * MINUTE);
    expect([at(0), at(5), at(14), at(15), at(40), at(45)]).toEqual([
      'power',
      'link',
      'link',
      'power',
      'link',
      'power',
    ]);
  });

  test('has short pauses again when all was well for long', () => {
    const escalation = new Escalation(['power'], { power: { first: MINUTE, last: 4 * MINUTE } });
    const silent = new ModemError('MODULE_SILENT', 'silent');
    const at = (minute: number, online = 0) =>
      escalation.next(silent, true, minute * MINUTE, online * MINUTE);
    expect([at(0), at(1), at(2), at(3)]).toEqual(['power', 'power', 'link', 'power']);
    expect([at(8, 4), at(9)]).toEqual(['power', 'link']);
    expect([at(10), at(20, 2)]).toEqual(['power', 'power']);
  });
});

import type { AtErrorCode } from '@a7600/at-codec';
import { type Remedy, refusalReasons, remedies, remedyOf, type TransportErrorCode } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import type { ModemErrorCode } from '../base/errors.js';

/** Does not compile when a code of a package has no remedy. */
const all: Readonly<Record<AtErrorCode | ModemErrorCode | TransportErrorCode, Remedy>> = remedies;

describe('the table of remedies', () => {
  test('never cuts the power, or restarts the module, for what the module has no part in', () => {
    const elsewhere = ['port', 'sim', 'peer', 'budget', 'program'];
    for (const { waitsFor, levels } of Object.values<Remedy>(all)) {
      if (elsewhere.includes(waitsFor)) expect(levels).toEqual([]);
    }
  });

  test('ends what only the program can change', () => {
    for (const { waitsFor, retry } of Object.values<Remedy>(all)) expect(retry).toBe(waitsFor !== 'program');
  });

  test('gives each level from the least to the most', () => {
    const order = ['link', 'bearer', 'radio', 'reset', 'power'];
    for (const { levels } of Object.values<Remedy>(all)) {
      expect(levels).toEqual(order.filter((level) => levels.includes(level as (typeof levels)[number])));
    }
  });

  test.each([
    ['CME_ERROR', 4, 'UNSUPPORTED'],
    ['CME_ERROR', 16, 'PIN_REFUSED'],
    ['CME_ERROR', 10, 'SIM_MISSING'],
    ['IP_ERROR', 12, 'INVALID_ARGUMENT'],
  ] as const)('decides %s %i by its reason, as %s', (code, number, as) => {
    const { levels, waitsFor } = remedies[as];
    expect(remedyOf(Object.assign(new Error(), { code, number }))).toMatchObject({ levels, waitsFor });
  });

  test('ends because of a reason only where another attempt may lock the SIM: the line may have damaged the command', () => {
    const ending = Object.entries(refusalReasons).flatMap(([code, reasons]) =>
      Object.keys(reasons)
        .filter((number) => !remedyOf(Object.assign(new Error(), { code, number: Number(number) })).retry)
        .map((number) => `${code} ${number}`),
    );
    expect(ending).toEqual(['CME_ERROR 16']);
  });

  test.each([
    ['CME_ERROR', undefined],
    ['CME_ERROR', 100],
    ['SOCKET_ERROR', 4],
    ['REFUSED', 10],
  ] as const)('decides %s %s by its code', (code, number) => {
    expect(remedyOf(Object.assign(new Error(), { code, number }))).toBe(remedies[code]);
  });

  test('tries an unknown error again and leaves the module alone', () => {
    for (const error of [
      new Error('?'),
      Object.assign(new Error(), { code: 'toString' }),
      'text',
      undefined,
    ]) {
      expect(remedyOf(error)).toMatchObject({ retry: true, levels: ['link'] });
    }
  });
});

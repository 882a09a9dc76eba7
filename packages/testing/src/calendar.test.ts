import fc from 'fast-check';
import { expect, test } from 'vitest';
import { civilTime, epochMs } from './calendar.js';

test('agrees with the platform from 1900 to 2199', () => {
  const any = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2199, 11, 31) });
  fc.assert(
    fc.property(any, (ms) => {
      const { year, month, day, hour, minute, second, millisecond } = civilTime(ms);
      const at = new Date(ms);
      expect([year, month, day, hour, minute, second, millisecond]).toEqual([
        at.getUTCFullYear(),
        at.getUTCMonth() + 1,
        at.getUTCDate(),
        at.getUTCHours(),
        at.getUTCMinutes(),
        at.getUTCSeconds(),
        at.getUTCMilliseconds(),
      ]);
      expect(epochMs(civilTime(ms))).toBe(ms);
    }),
  );
});

test.each(['2000-02-29T23:59:59.999Z', '2024-02-29T00:00:00.000Z', '2100-03-01T00:00:00.000Z'])(
  '%s',
  (text) => {
    expect(epochMs(civilTime(Date.parse(text)))).toBe(Date.parse(text));
  },
);

import { expect, test } from 'vitest';
import { cmeError, cmsError, connectThen, ok, okSpaced, okThen, refuse, result } from './reply.js';

test('replies are what they say', () => {
  const act = () => {};
  expect(ok()).toEqual({ units: [], result: 'OK' });
  expect(ok('a', 'b')).toEqual({ units: [{ parts: ['a', 'b'] }], result: 'OK' });
  expect(okSpaced('a', 'b')).toEqual({ units: [{ parts: ['a'] }, { parts: ['b'] }], result: 'OK' });
  expect(okThen(act)).toEqual({ units: [], result: 'OK', afterwards: act });
  expect(connectThen(act)).toEqual({ units: [], result: 'CONNECT', afterwards: act });
  expect(result('NO CARRIER')).toEqual({ units: [], result: 'NO CARRIER' });
  expect(refuse('a')).toEqual({ units: [{ parts: ['a'] }], result: 'ERROR' });
  expect(cmeError(10)).toEqual({ units: [], result: { cme: 10 } });
  expect(cmsError(321)).toEqual({ units: [], result: { cms: 321 } });
});

import { expect, test } from 'vitest';
import { faultsOf } from './firmwares.js';

test.each([
  ['SIMCOM_SIM7600E-H', /refused AT\+NETOPEN/],
  ['SIM7600G-H', /refused AT\+NETOPEN/],
  ['SIM7670G', /four links/],
])('%s, however it names itself', (model, text) => {
  expect(faultsOf(model).join('\n')).toMatch(text);
});

test('a module of which nothing is known has none', () => {
  expect(faultsOf('A7672SA-FASE', 'A011B19A7672M7_F')).toEqual([]);
});

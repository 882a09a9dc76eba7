import { expect, test } from 'vitest';
import { isQuery, namesOf, revealsSecret } from './queries.js';

test.each([
  'AT',
  'ATI',
  'at+csq',
  'AT+CREG?',
  'AT+CIPOPEN=?',
  'AT+CSQ;+CREG?',
  'AT+CIPACK=0',
  'AT+CDNSGIP="a;b"',
])('%s only asks', (text) => expect(isQuery(text)).toBe(true));

test.each([
  'ATE0',
  'ATZ',
  'AT&F',
  'AT+CRESET',
  'AT+CFUN=0',
  'AT+CSQ;+CRESET',
  'AT+CSQ=1',
  'AT+CPSI=5',
  'AT+CGDCONT=1,"IP","x?"',
  'ATD*99#',
  '+++',
  'AT+CPIN="1234?"',
  'AT+CREG?;&F',
])('%s may change something', (text) => expect(isQuery(text)).toBe(false));

test('names are those of the commands, not of texts in quotes', () => {
  expect(namesOf('AT+CSQ;+CGDCONT=1,"IP","a;+X"')).toEqual(['+CSQ', '+CGDCONT']);
});

test('what prints a password is known', () => {
  expect(revealsSecret('AT+CSQ;+CGAUTH?')).toBe(true);
  expect(revealsSecret('at+cgauth?')).toBe(true);
  expect(revealsSecret('AT+CREG?')).toBe(false);
});

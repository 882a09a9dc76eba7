import { expect, test } from 'vitest';
import { decoded } from './decoded.js';
import { describedBy, families } from './descriptors.js';

const words = (text: string, value: unknown) => {
  const described = describedBy(text);
  if (described === undefined) throw new Error(`${text} has no descriptor.`);
  return decoded(described, value);
};

test.each([
  ['AT+CSQ=?', ['(0-31,99),(0-7,99)'], ['takes 0 to 31, 99; 0 to 7, 99']],
  ['AT+CFUN=?', ['(0,1,4),(0-1)'], ['takes 0, 1, 4; 0 to 1']],
  ['AT+CGDCONT=?', ['(1-15),"IP",,,(0-2)'], ['takes 1 to 15; "IP"; any; any; 0 to 2']],
  ['AT+COPS=?', ['(2,"A, B","A","26201",7),,(0-4)'], ['takes 2, "A, B", "A", "26201", 7; any; 0 to 4']],
  ['AT+CREG=?', [], []],
  ['AT+CSQ', { rssi: 23, ber: 0 }, ['-67 dBm, excellent']],
])('%s: %j', (text, value, expected) => {
  expect(words(text, value)).toEqual(expected);
});

test('no answer of a test command is taken for a value, whatever command it is', () => {
  const tests = [...families.keys()].map((name) => `AT${name}=?`).filter((text) => describedBy(text));
  expect(tests.length).toBeGreaterThan(20);
  for (const text of tests) expect(words(text, ['(0-3)'])).toEqual(['takes 0 to 3']);
});

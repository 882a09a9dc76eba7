import { expect, test } from 'vitest';
import { latin1, plainLatin1 } from './latin1.js';

const bytes = Uint8Array.from({ length: 10_000 }, (_, at) => (at * 7) & 0xff);

/** Written apart from both. */
const model = (start: number, end: number) =>
  Array.from(bytes.slice(start, end), (byte) => String.fromCharCode(byte)).join('');

test.each([
  [0, 0],
  [3, 4],
  [0, 4],
  [0, 5],
  [5, 260],
  [1, 4_097],
  [0, 8_193],
  [9_990, 10_000],
])('the bytes from %i to %i are a character each, on every platform', (start, end) => {
  expect(latin1(bytes, start, end)).toBe(model(start, end));
  expect(plainLatin1(bytes, start, end)).toBe(model(start, end));
  const view = bytes.subarray(2);
  if (start >= 2) expect(latin1(view, start - 2, end - 2)).toBe(model(start, end));
});

import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../test/decode.js';
import { isPadding, joinChunks, lineEnd } from './bytes.js';
import { ExpectedEcho } from './expected-echo.js';
import { Held } from './held.js';
import { latin1 } from './latin1.js';

const counting = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251);

test('padding is CR, LF, NUL and space, no other control character', () => {
  const padding = Array.from({ length: 256 }, (_, byte) => byte).filter(isPadding);
  expect(padding).toEqual([0x00, 0x0a, 0x0d, 0x20]);
});

describe('the end of a line', () => {
  test.each([
    ['abc\r\n', 5],
    ['abcd\r\n', 6],
    ['abcde\r\n', 7],
    ['abcdef\r\n', 8],
    ['abcdefg\r\nx', 9],
    ['abc\n', 4],
    ['a\nbc\r\n', 2],
    ['abcd\x01\x02e\r\n', 9],
    ['ab\tc\r\n', 6],
    ['abc\rd', 4],
    ['abc\r\r\n', 6],
    ['\r\n', 2],
    ['\n', 1],
    ['\rx', 1],
    ['abc', -1],
    ['abcd', -1],
    ['abcdefgh', -1],
    ['abc\r', -1],
    ['abc\r\r', -1],
    ['\r', -1],
    ['', -1],
  ])('of %j is %i', (text, end) => {
    expect(lineEnd(bytesOf(text), 0, text.length)).toBe(end);
    // At every distance from the start of the buffer, and with bytes after the limit.
    for (let before = 1; before < 6; before++) {
      const bytes = bytesOf(`${'z'.repeat(before)}${text}`);
      expect(lineEnd(bytes, before, bytes.length)).toBe(end < 0 ? -1 : end + before);
    }
  });

  test('lies before the limit, or there is none', () => {
    expect(lineEnd(bytesOf('abc\r\n'), 0, 4)).toBe(-1);
    expect(lineEnd(bytesOf('abcd\n'), 0, 4)).toBe(-1);
    expect(lineEnd(bytesOf('abc\r\nd\r\n'), 0, 8)).toBe(5);
    expect(lineEnd(bytesOf('abc\rx'), 0, 4)).toBe(-1);
  });
});

test('chunks are joined in order; a single one is not copied', () => {
  const one = bytesOf('abc');
  expect(joinChunks([one])).toBe(one);
  expect(textOf(joinChunks([one, bytesOf(''), bytesOf('de')]))).toBe('abcde');
  expect(joinChunks([])).toEqual(new Uint8Array(0));
});

test.each([0, 1, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 8192, 20_000])(
  'a text of %i bytes is read whole',
  (length) => {
    const bytes = counting(length + 4);
    const text = latin1(bytes, 2, length + 2);
    expect(text).toHaveLength(length);
    expect(Uint8Array.from(text, (char) => char.charCodeAt(0))).toEqual(bytes.subarray(2, length + 2));
  },
);

describe('held bytes', () => {
  test.each([
    [1, 1, 1],
    [63, 64, 65],
    [4095, 1, 1],
    [4096, 1, 4096],
    [10, 5000, 64],
    [4000, 96, 64],
  ])('come back in order: %i, %i and %i', (...lengths) => {
    const held = new Held();
    const whole = counting(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    for (const length of lengths) {
      held.add(whole, at, at + length);
      at += length;
      expect(held.length).toBe(at);
    }
    expect(held.take()).toEqual(whole);
    expect(held.length).toBe(0);
  });

  test('that were taken are never written again', () => {
    const held = new Held();
    const taken: [Uint8Array, string][] = [];
    for (let round = 0; round < 200; round++) {
      const text = String.fromCharCode(65 + (round % 26)).repeat(70);
      held.add(bytesOf(text), 0, 70);
      taken.push([held.take(), text]);
    }
    for (const [bytes, text] of taken) expect(textOf(bytes)).toBe(text);
  });

  test('that fit are kept in the same buffer', () => {
    const held = new Held();
    const { bytes } = held;
    held.add(counting(4096), 0, 4096);
    expect(held.bytes).toBe(bytes);
    expect(held.take()).toHaveLength(4096);
    held.add(counting(1), 0, 1);
    expect(held.bytes).not.toBe(bytes);
    expect(held.bytes).toHaveLength(4096);
  });
});

describe('an expected echo', () => {
  test('is complete after its last byte, and takes no byte more', () => {
    const echo = new ExpectedEcho(bytesOf('abc'));
    expect(echo.compare(bytesOf('xab'), 1)).toBe(3);
    expect(echo.complete).toBe(false);
    expect(echo.compare(bytesOf('cc'), 0)).toBe(1);
    expect(echo.complete).toBe(true);
    expect(echo.compare(bytesOf('\0'), 0)).toBe(0);
    expect(textOf(echo.take())).toBe('abc');
    expect(echo.complete).toBe(false);
  });

  test('takes one space before it, at its beginning only', () => {
    const echo = new ExpectedEcho(bytesOf('ab'));
    expect(echo.compare(bytesOf(' a'), 0)).toBe(2);
    expect(echo.compare(bytesOf(' b'), 0)).toBe(0);
    expect(textOf(echo.take())).toBe(' a');
    expect(echo.compare(bytesOf('a'), 0)).toBe(1);
    expect(textOf(echo.take())).toBe('a');
    expect(echo.compare(bytesOf(' a'), 0)).toBe(2);
    expect(textOf(echo.take())).toBe(' a');
  });

  test('gives a copy out', () => {
    const payload = bytesOf('ab');
    const echo = new ExpectedEcho(payload);
    echo.compare(bytesOf('ab'), 0);
    const taken = echo.take();
    payload[0] = 0x7a;
    expect(textOf(taken)).toBe('ab');
  });
});

import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/world.js';
import { hasWordsOfPeer } from './words-of-peer.js';

describe('what only the peer can have sent', () => {
  test.each<[string, received: string, written: string]>([
    ['text', 'hello\r\n', ''],
    ['text without a line end', 'hello', ''],
    ['a command line that nothing here has written', 'AT+CSQ\r\n', ''],
    ['bytes that are no line', '\0\r\r\n\0', ''],
    ['text beside what was written', '\r\nhello\r\n', 'world'],
  ])('is %s', (_, received, written) => {
    expect(hasWordsOfPeer(bytesOf(received), true, written)).toBe(true);
  });

  test.each<[string, received: string, written: string]>([
    ['nothing', '', ''],
    ['a URC, known or not', '\r\n+CREG: 1\r\n\r\n+XYZ: 1\r\n', ''],
    ['the echo of a command', 'AT+CSQ\r\n', 'AT+CSQ\r'],
    ['the echo of text', 'hello\r\n', 'say hello'],
    ['the echo of what is no line, between line ends', '\r\n\r\nhi', 'hi'],
    ['the echo of bytes with line ends among them', '\0\0\r\r\n\0\r\n', '\0\0\r\r\n\0'],
    ['the answer to a command line in what was written', '\r\n19,99\r\n\r\nOK\r\n', 'AT+CSQ\r'],
  ])('is not %s', (_, received, written) => {
    expect(hasWordsOfPeer(bytesOf(received), true, written)).toBe(false);
  });

  test('is not the rest of a line whose beginning is not there', () => {
    expect(hasWordsOfPeer(bytesOf('hello\n'), false, '')).toBe(false);
    expect(hasWordsOfPeer(bytesOf('EG: 1\r\nhello\r\n'), false, '')).toBe(true);
  });

  test('is a stretch without a line end, as long as it may be', () => {
    expect(hasWordsOfPeer(bytesOf('hello'), false, 'lo')).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../test/world.js';
import { resyncPayload } from './resync-payload.js';

describe('a payload whose prompt did not come', () => {
  test.each([
    'hello',
    'data at rest',
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    '\r\r\n',
    '',
    'It works',
    'A b',
    'xAT',
    'ends with\rA',
  ])('%j is sent as it is', (text) => {
    expect(textOf([resyncPayload(bytesOf(text))])).toBe(text);
  });

  test.each(['AT+CRESET\r', 'x\rat+cpof\r', 'x\r\n \0ATD112;', 'ATH'])(
    '%j could be a command: spaces instead',
    (text) => {
      expect(textOf([resyncPayload(bytesOf(text))])).toBe(' '.repeat(text.length));
    },
  );
});

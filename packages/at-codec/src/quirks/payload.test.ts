import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, failed, frames, urcIn, value } from '../../test/tables.js';
import { a7600 } from '../a7600.js';
import { cipSend } from '../commands/sending.js';

describe('headers of direct push, and payload (protocol 7.1)', () => {
  test.each(['+IPD5', '+IPD(5)', '+IPD,5', '+IPD5:', '+IPD 5'])('Q-1: %s', (header) => {
    expect(decode(`\r\n${header}\r\nab\r\nc\r\nOK\r\n`)).toEqual([
      `urc ${header}`,
      'payload ab\r\nc',
      'result OK',
    ]);
    expect(urcIn(`\r\n${header}\r\n`)).toEqual({ length: 5 });
  });

  test.each(['RECV FROM:1.2.3.4:5253', '+RECV FROM:1.2.3.4:5253', 'RECV FROM: 1.2.3.4:5253   '])(
    'Q-2: %s',
    (line) => {
      expect(urcIn(`\r\n${line}\r\n`)).toEqual({ host: '1.2.3.4', port: 5253 });
    },
  );

  test.each(['+RECEIVE,3,4', '+RECEIVE,3,4:'])('Q-3: %s', (header) => {
    expect(decode(`\r\n${header}\r\n\r\nOK${frames('RING')}`)).toEqual([
      `urc ${header}`,
      'payload \r\nOK',
      'urc RING',
    ]);
    expect(urcIn(`\r\n${header}\r\n`)).toEqual({ link: 3, length: 4 });
  });

  test('Q-3: siblings that print it in buffer mode, without data, have a dialect that says so', () => {
    const buffered = { ...a7600, blocks: a7600.blocks.filter(({ text }) => text !== '+RECEIVE') };
    expect(decode(frames('+RECEIVE,0,16', 'OK'), {}, buffered)).toEqual(['urc +RECEIVE,0,16', 'result OK']);
  });

  test('Q-3a: the default header does not say whose the data is; the line before it hints at it', () => {
    expect(urcIn('\r\n+IPD3\r\nabc')).toEqual({ length: 3 });
    expect(decode('\r\nRECV FROM:1.2.3.4:5\r\n+IPD3\r\nabc')).toEqual([
      'urc RECV FROM:1.2.3.4:5',
      'urc +IPD3',
      'payload abc',
    ]);
  });

  test('Q-3b: after the counted bytes come lines, with a line end first or without', () => {
    for (const gap of ['', '\r\n', '\r\n\r\n']) {
      expect(decode(`\r\n+IPD3\r\nabc${gap}+IPCLOSE: 0,1\r\n`)).toEqual([
        'urc +IPD3',
        'payload abc',
        'urc +IPCLOSE: 0,1',
      ]);
    }
  });

  test('Q-3c: one line end between the two lines of a push, or more', () => {
    for (const gap of ['', '\r\n', '\r\n\r\n']) {
      expect(decode(`\r\nRECV FROM:1.2.3.4:5\r\n${gap}+IPD1\r\nx`)).toEqual([
        'urc RECV FROM:1.2.3.4:5',
        'urc +IPD1',
        'payload x',
      ]);
    }
  });

  test('Q-3d: only the count counts: what does not show is among the bytes, too', () => {
    expect(decode('\r\n+IPD14\r\nHELLO CLIENT\r\n\r\nOK\r\n')).toEqual([
      'urc +IPD14',
      'payload HELLO CLIENT\r\n',
      'result OK',
    ]);
  });

  test('Q-3e: words of the protocol in payload are payload', () => {
    const payload = 'HTTP/1.1 200 OK\r\n\r\nOK\r\n\r\nERROR\r\n>\r\n+IPCLOSE: 0,1\r\n\0';
    expect(decode(`\r\n+CIPRXGET: 2,0,${payload.length},0\r\n${payload}\r\n\r\nOK\r\n`)).toEqual([
      `text +CIPRXGET: 2,0,${payload.length},0`,
      `payload ${payload}`,
      'result OK',
    ]);
  });

  test('Q-3f: a header whose data is glued to it is a print error: it announces nothing', () => {
    expect(decode('\r\n+CIPRXGET: 2,1,5,11data\r\n\r\nOK\r\n')).toEqual([
      'text +CIPRXGET: 2,1,5,11data',
      'result OK',
    ]);
    expect(decode('\r\n+CIPRXGET: 1,1>\r\n')).toEqual(['text +CIPRXGET: 1,1>']);
  });

  test('Q-3g: OK follows the Ctrl-Z of a send without a count', () => {
    const send = cipSend.variable({ link: 1, bytes: bytesOf('a\x1ab\x1b\x03') });
    expect(send.payload).toEqual(bytesOf('a\x03\x1ab\x03\x1b\x03\x03\x1a'));
    expect(converse(send, `\r\n>${frames('OK', '+CIPSEND: 1,5,5')}`)).toEqual(
      value({ requested: 5, confirmed: 5 }),
    );
    expect(converse(cipSend.cancel({ link: 1 }), `\r\n>${frames('ERROR')}`)).toMatchObject(
      failed({ code: 'REFUSED' }),
    );
    expect(cipSend.cancel({ link: 1 }).payload).toEqual(Uint8Array.of(0x1b));
  });
});

import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, failed, frames } from '../../test/tables.js';
import { command, plainLine } from '../command.js';
import { cmee } from '../commands/general.js';
import { csq } from '../commands/radio.js';

describe('10.6 lost and foreign bytes', () => {
  test('10.6.1 K where OK should be is a line of its own', () => {
    expect(decode(`\r\nK\r\n${frames('RING')}`)).toEqual(['text K', 'urc RING']);
    expect(converse(cmee({ mode: 2 }), frames('K')).phase).toBe('answer');
  });

  test('10.6.2 the rest of a header that was overwritten announces nothing', () => {
    expect(decode(frames('+HTTPREAD: 0', 'D: DATA,142', 'A,142', 'OK'))).toEqual([
      'urc +HTTPREAD: 0',
      'text D: DATA,142',
      'text A,142',
      'result OK',
    ]);
  });

  test('10.6.3 a NUL before the start, 0xFF as filler', () => {
    expect(decode('\0\r\n*ATREADY: 1\r\n')).toEqual(['urc *ATREADY: 1']);
    expect(decode(`\r\n&V: 1\xff\xff\xff\r\n${frames('OK')}`)).toEqual([
      'text &V: 1\xff\xff\xff',
      'result OK',
    ]);
    expect(decode('\xff\xff\r\nOK\r\n')).toEqual(['text \xff\xff', 'result OK']);
  });

  test('10.6.4 a line overprinted after a bare CR, an echo with the answer on its line', () => {
    expect(decode('\r\n+IPADDR: 10.25.155.217\rAT+CSQ\r\r\n+CSQ: 1,2\r\n')).toEqual([
      'text +IPADDR: 10.25.155.217',
      'echo AT+CSQ',
      'urc +CSQ: 1,2',
    ]);
    const info = command(plainLine('AT+CGNSSPROD'));
    expect(converse(info, `AT+CGNSSPROD ,,\r\n${frames('OK')}`)).toMatchObject({
      phase: 'done',
      foreign: ['AT+CGNSSPROD ,,'],
    });
  });

  test('10.6.5 OK alone where a line was asked for is an error, ERROR to the first AT a refusal', () => {
    expect(converse(csq(), frames('OK'))).toMatchObject(failed({ code: 'UNREADABLE_ANSWER' }));
    expect(converse(cmee({ mode: 2 }), frames('ERROR'))).toMatchObject(failed({ code: 'REFUSED' }));
  });

  test('10.6.6 a Ctrl-Z in an echo', () => {
    const sms = { prompt: true, echo: bytesOf('hi\x1a') };
    expect(decode('AT+CMGS="1"\r\r\n> hi\x1a\r\n\r\nOK\r\n', sms)).toEqual([
      'echo AT+CMGS="1"',
      'prompt',
      'payload-echo  hi\x1a',
      'result OK',
    ]);
  });

  test('10.6.7 the banner of another device; a URC without its first line end', () => {
    expect(decode('ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)\r\n+CPIN: READY\r\n')).toEqual([
      'text ets Jun  8 2016 00:22:57',
      'text rst:0x1 (POWERON_RESET)',
      'urc +CPIN: READY',
    ]);
  });
});

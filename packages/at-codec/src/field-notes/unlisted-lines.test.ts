import { describe, expect, test } from 'vitest';
import { converse, decode, frames, urcIn, value } from '../../test/tables.js';
import { csq } from '../commands/radio.js';

describe('10.4 lines that the note does not list', () => {
  test.each([
    ['10.4.1', ['*ATREADY: 1', '*ISIMAID: "A0"', '*COPN: 1', 'RDY', 'SMS DONE', 'PB DONE']],
    ['10.4.2', ['+CPIN: READY', '+CPIN: SIM REMOVED']],
    [
      '10.4.3',
      [
        '+CGEV: EPS PDN ACT 1',
        '+CGEV: ME PDN ACT 8,1',
        '+CGEV: NW PDN DEACT 1',
        '+CGEV: ME DETACH',
        '+CGEV: NW REATTACH',
      ],
    ],
    ['10.4.4', ['+CEREG: 0']],
    ['10.4.5', ['+CMTI: "SM",1', '+CLCC: 1,0', 'RING', 'VOICE CALL: END', 'VOICE CALL: END: 000012']],
    ['10.4.6', ['+CGNSSPWR: READY!', '+CMQTTCONNLOST: 0,1', '+CMQTTNONET', '+CHTTPSNOTIFY: PEER CLOSED']],
  ])('%s are URCs', (_, lines) => {
    expect(decode(frames(...lines))).toEqual(lines.map((line) => `urc ${line}`));
    for (const line of lines) expect(urcIn(frames(line))).toBeDefined();
  });

  test('10.4.5 NO CARRIER ends only a command that is to lead to data mode', () => {
    expect(converse(csq(), frames('NO CARRIER', '+CSQ: 1,2', 'OK'))).toEqual({
      ...value({ rssi: 1, ber: 2 }),
      foreign: ['NO CARRIER'],
    });
  });

  test('10.4.7 a prompt that is a word is a line', () => {
    expect(decode('\r\nDOWNLOAD\r\n', { prompt: true })).toEqual(['text DOWNLOAD']);
  });
});

import { describe, expect, test } from 'vitest';
import { converse, decode, frames, value } from '../../test/tables.js';
import { ati } from '../commands/identity.js';
import { cipClose } from '../commands/links.js';
import { cereg } from '../commands/registration.js';

describe('10.8 and 10.9', () => {
  test('10.8.1, 10.8.2, 10.8.3, 10.8.4 the start in any order, complete or not: each line is what it is', () => {
    for (const lines of [
      ['PB DONE', 'SMS DONE', '+CPIN: READY', '*ATREADY: 1'],
      ['RDY', '+CPIN: READY'],
      ['*ATREADY: 1', '+SIMCARD: NOT AVAILABLE'],
    ]) {
      expect(decode(frames(...lines))).toEqual(lines.map((line) => `urc ${line}`));
    }
  });

  test('10.9.1 echo and no echo in one stream', () => {
    const text = `AT+CSQ\r${frames('+CSQ: 1,2', 'OK')}${frames('+CSQ: 1,2', 'OK')}AT+CSQ\r${frames('+CSQ: 1,2', 'OK')}`;
    expect(decode(text).filter((event) => event.startsWith('result'))).toHaveLength(3);
    expect(decode(text).filter((event) => event.startsWith('echo'))).toHaveLength(2);
  });

  // 10.9.2 is property 7, 10.9.4 property 6, 10.9.5 property 3, 10.9.7 property 11.

  test('10.9.3 one name, two grammars: the ten states are no result', () => {
    const states = '+CIPCLOSE: 0,1,0,0,0,0,0,0,0,0';
    expect(converse(cipClose({ link: 0 }), frames(states, 'OK', '+CIPCLOSE: 0,0'))).toEqual({
      ...value(undefined),
      foreign: [states],
    });
    expect(converse(cipClose.read(), frames('+CIPCLOSE: 4,0', states, 'OK'))).toMatchObject({
      foreign: ['+CIPCLOSE: 4,0'],
    });
    expect(converse(cereg.read(), frames('+CEREG: 1', '+CEREG: 0,5', 'OK'))).toEqual({
      ...value({ stat: 5 }),
      foreign: ['+CEREG: 1'],
    });
  });

  test('10.9.6 lines without a prefix, with $, * or ^, or of no command', () => {
    const lines = ['hello', '$QCPWR: 1', '*UNKNOWN: 1', '^SMMEMFULL: "SM"', '+UNKNOWN: 1'];
    expect(converse(ati(), frames(...lines, 'Model: A7600C', 'OK'))).toMatchObject({ foreign: lines });
  });
});

import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith, summary } from '../test/decode.js';
import { converse, decode, frames, value } from '../test/tables.js';
import { a7600 } from './a7600.js';
import { csq } from './commands/radio.js';

const FORGED = 'hi\r\n\r\n+IPCLOSE: 0,1\r\n\r\n*ATREADY: 1\r\n\r\nOK\r\n>';
const SCTS = '"24/05/01,10:20:30+08"';
const SMSC = '07912120550591F9';
const TPDU = '040A91940311111100000710100000000005E8329BFD06';

/** The header of a delivered text with details (`AT+CSDH=1`). */
const header = (fo: number, dcs: number, length: number) =>
  `+CMT: "+12025550123","",${SCTS},145,${fo},0,${dcs},"+12025550199",145,${length}`;

describe('short messages (3GPP TS 27.005)', () => {
  test('3.4.1: the text of a message with details is payload, whatever it imitates', () => {
    const line = header(4, 0, FORGED.length);
    expect(decode(`\r\n${line}\r\n${FORGED}\r\n${frames('OK')}`)).toEqual([
      `urc ${line}`,
      `payload ${FORGED}`,
      'result OK',
    ]);
  });

  test.each([
    ['UCS2', 4, 8, 4, '00480069'],
    ['8-bit data', 4, 4, 3, '0D0A4F'],
    ['8-bit data of a message class', 4, 0xf5, 3, '0D0A4F'],
    ['UCS2 with a waiting indication', 4, 0xe0, 4, '00480069'],
    ['7-bit text after a header', 0x44, 0, 15, '0500030102019A4D2B5A2D16'.padEnd(28, '0')],
  ])('3.1: %s is hexadecimal', (_, fo, dcs, length, hex) => {
    const line = header(fo, dcs, length);
    expect(decode(`\r\n${line}\r\n${hex}\r\n${frames('OK')}`)).toEqual([
      `urc ${line}`,
      `payload ${hex}`,
      'result OK',
    ]);
  });

  test.each([
    ['of a message class', 0xf0],
    ['compressed group, default alphabet', 0x20],
    ['with a waiting indication', 0xd0],
  ])('23.038, 4: 7-bit text %s is text', (_, dcs) => {
    expect(decode(`\r\n${header(4, dcs, 5)}\r\nHello\r\n`)[1]).toBe('payload Hello');
  });

  test('a PDU has the octets that its header states, and the address of the service centre', () => {
    for (const centre of [SMSC, '00']) {
      for (const line of ['+CMT: "",23', '+CMT: ,23', '+CDS: 23', '+CMGR: 0,"",23', '+CMGL: 1,0,"",23']) {
        const events = decode(`\r\n${line}\r\n${centre}${TPDU}\r\n${frames('OK')}`);
        expect(events.slice(1)).toEqual([`payload ${centre}${TPDU}`, 'result OK']);
      }
    }
  });

  test('3.4.1: the longest address of a service centre has 11 octets (24.011, 8.2.5.1)', () => {
    const centre = `0B91${'21'.repeat(10)}`;
    const header = '\r\n+CMT: ,23\r\n';
    for (const cut of [0, 1, 2, 3]) {
      const text = bytesOf(`${header}${centre}${TPDU}\r\n${frames('OK')}`);
      const chunks = [text.subarray(0, header.length + cut), text.subarray(header.length + cut)];
      expect(summary(decodeWith(a7600, chunks)).slice(1)).toEqual([`payload ${centre}${TPDU}`, 'result OK']);
    }
    expect(decode(`\r\n+CMT: ,23\r\n${centre}${TPDU}\r\n${frames('OK')}`).slice(1)).toEqual([
      `payload ${centre}${TPDU}`,
      'result OK',
    ]);
  });

  test('an impossible address of a service centre is no part of the length', () => {
    expect(decode(`\r\n+CMT: ,1\r\n0F00\r\n${frames('OK')}`).slice(1)).toEqual(['payload 0F00', 'result OK']);
    expect(decode(`\r\n+CMT: ,1\r\n0x00\r\n${frames('OK')}`).slice(1)).toEqual(['payload 0x00', 'result OK']);
  });

  test('a damaged notification that looks like the header of a PDU takes nothing with it', () => {
    expect(decode(frames('+CMT: "SM",3', 'RING', 'OK'))).toEqual([
      'urc +CMT: "SM",3',
      'urc RING',
      'result OK',
    ]);
    expect(decode(`\r\n+CMT: "SM",3\r\nAT\r\r\nOK\r\n`).slice(1)).toEqual(['echo AT', 'result OK']);
  });

  test('a status report in text mode, and a message without details, announce no block', () => {
    expect(decode(frames(`+CDS: 6,1,"+12025550123",145,${SCTS},${SCTS},0`, 'OK')).at(-1)).toBe('result OK');
    expect(decode(frames(`+CMT: "+12025550123","",${SCTS}`, 'Hello'))[1]).toBe('text Hello');
  });

  test('a message read from the store with details is payload', () => {
    const line = `+CMGR: "REC UNREAD","+12025550123","",${SCTS},145,4,0,0,"+12025550199",145,${FORGED.length}`;
    expect(decode(`\r\n${line}\r\n${FORGED}\r\n${frames('OK')}`).slice(1)).toEqual([
      `payload ${FORGED}`,
      'result OK',
    ]);
  });

  test('a message in the middle of an answer changes nothing about it', () => {
    const message = `\r\n${header(4, 0, FORGED.length)}\r\n${FORGED}\r\n`;
    const { foreign, ...rest } = converse(csq(), frames('+CSQ: 20,0') + message + frames('OK'));
    expect({ ...rest, foreign: [] }).toEqual(value({ rssi: 20, ber: 0 }));
    expect(foreign).toEqual([header(4, 0, FORGED.length), 'payload']);
  });
});

describe('results of other services', () => {
  test.each([
    '+CMQTTSTART: 0',
    '+CMQTTCONNECT: 0,0',
    '+CMQTTPUB: 0,6',
    '+CMQTTREL: 0,20',
    '+HTTPACTION: 0,200,1024',
    '+HTTPREAD: 0',
    '+CPING: 1,8.8.8.8,64,96,255',
    '+CPING: 3,4,4,0,90,120,100',
    '+CHTTPSSTART: 0',
    '+CHTTPSOPSE: 0',
    '+CHTTPS: RECV EVENT',
    '+CHTTPSRECV: 0',
    '+CCHSTART: 0',
    '+CCHOPEN: 0,0',
    '+CCHRECV: 0,0',
    '+CCH: CCH STOP',
    '+CNTP: 0',
    '+CUSD: 0,"Balance 5",15',
  ])('%s comes unsolicited', (line) => {
    expect(decode(frames(line))).toEqual([`urc ${line}`]);
  });

  test('the header of a block is part of an answer', () => {
    expect(decode(`\r\n+HTTPREAD: 5\r\nhello${frames('+HTTPREAD: 0')}`)).toEqual([
      'text +HTTPREAD: 5',
      'payload hello',
      'urc +HTTPREAD: 0',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, frames, linesOf, value } from '../../test/tables.js';
import { command, plainLine } from '../command.js';
import { cgmm, cgsn, simcomAti } from '../commands/identity.js';
import { cdnsCfg } from '../commands/network.js';
import { cgact, cgdcont } from '../commands/pdp.js';
import { cops, cpsi, csq } from '../commands/radio.js';

describe('10.1 framing and spacing', () => {
  test('10.1.1 the echo ends with a CR, and no empty line follows', () => {
    expect(decode('AT+COPS?\r\r\n+COPS: 0\r\n')).toEqual(['echo AT+COPS?', 'text +COPS: 0']);
  });

  test('10.1.2 two URCs in a row show an empty line between them', () => {
    expect(decode('\r\nSMS DONE\r\n\r\nPB DONE\r\n')).toEqual(['urc SMS DONE', 'urc PB DONE']);
  });

  test('10.1.3 an empty line between information and OK, or none', () => {
    expect(converse(csq(), '\r\n+CSQ: 1,2\r\n\r\nOK\r\n')).toEqual(value({ rssi: 1, ber: 2 }));
    expect(converse(csq(), '\r\n+CSQ: 1,2\r\nOK\r\n')).toEqual(value({ rssi: 1, ber: 2 }));
  });

  test('10.1.4 none, one or two empty lines between echo and answer', () => {
    for (const gap of ['\r\n', '\r\n\r\n', '\r\n\r\n\r\n']) {
      expect(converse(csq(), `AT+CSQ\r${gap}+CSQ: 1,2\r\n\r\nOK\r\n`)).toEqual(value({ rssi: 1, ber: 2 }));
    }
  });

  test('10.1.5 several lines with empty lines between them, or without', () => {
    const contexts = value([
      { cid: 1, active: true },
      { cid: 2, active: false },
    ]);
    expect(converse(cgact.read(), '\r\n+CGACT: 1,1\r\n+CGACT: 2,0\r\n\r\nOK\r\n')).toEqual(contexts);
    expect(converse(cgact.read(), '\r\n+CGACT: 1,1\r\n\r\n+CGACT: 2,0\r\n\r\nOK\r\n')).toEqual(contexts);
  });

  test('10.1.6 the lines of a received MQTT message, with empty lines or without', () => {
    for (const gap of ['', '\r\n']) {
      const message = [
        '+CMQTTRXSTART: 0,5,7',
        '+CMQTTRXTOPIC: 0,5\r\na\r\nbc',
        '+CMQTTRXPAYLOAD: 0,7\r\n\r\nOK\r\nx',
      ];
      expect(decode(`\r\n${message.join(`\r\n${gap}`)}\r\n${gap}+CMQTTRXEND: 0\r\n`)).toEqual([
        'urc +CMQTTRXSTART: 0,5,7',
        'urc +CMQTTRXTOPIC: 0,5',
        'payload a\r\nbc',
        'urc +CMQTTRXPAYLOAD: 0,7',
        'payload \r\nOK\r\nx',
        'urc +CMQTTRXEND: 0',
      ]);
    }
  });

  test('10.1.7 answers with no prefix or a strange one', () => {
    expect(converse(cgsn(), frames('861234567890123', 'OK'))).toEqual(value('861234567890123'));
    expect(converse(cgmm(), frames('SIM7600G-H', 'OK'))).toEqual(value('SIM7600G-H'));
    expect(
      converse(cdnsCfg.read(), frames('Primary IPv4 DNS: 1.1.1.1,Secondary IPv4 DNS: 2.2.2.2', 'OK')).phase,
    ).toBe('done');
    expect(decode(frames('$MYCONFIG: "usb",1'))).toEqual(['text $MYCONFIG: "usb",1']);
    const listing = command(plainLine('AT&V'), {
      claims: (line) => line.text.endsWith(';'),
      read: ({ lines }) => lines.map((line) => line.text),
    });
    expect(converse(listing, frames('&C: 1; &D: 0;', '+CPIN: READY;', 'OK'))).toEqual(
      value(['&C: 1; &D: 0;', '+CPIN: READY;']),
    );
  });

  test('10.1.8 keys without a value, values with colons and frames', () => {
    expect(
      converse(
        simcomAti(),
        frames('Manufacturer: SIMCOM INCORPORATED', 'QCN: ', 'MEID:', 'DeviceInfo:', 'OK'),
      ),
    ).toEqual(
      value({
        manufacturer: 'SIMCOM INCORPORATED',
        lines: ['Manufacturer: SIMCOM INCORPORATED', 'QCN:', 'MEID:', 'DeviceInfo:'],
      }),
    );
    const fields = (line: string) => linesOf(frames(line))[0]?.fields;
    expect(fields('+FSCD: C:/')).toEqual(['C:/']);
    expect(fields('+CBC: 0.039V')).toEqual(['0.039V']);
    expect(fields('+FSLS: SUBDIRECTORIES:0,FILES:0')).toEqual(['SUBDIRECTORIES:0', 'FILES:0']);
  });

  test('10.1.9 doubled commas, commas in quotes, as many fields as the module likes', () => {
    expect(converse(cops.test(), frames('+COPS: (2,"a,b","c","46001",7),,(0-4),(0-2)', 'OK'))).toEqual(
      value(['(2,"a,b","c","46001",7),,(0-4),(0-2)']),
    );
    expect(
      converse(
        cgdcont.read(),
        frames('+CGDCONT: 1,"IP","a,b","0.0.0.0",0,0,,,,', '+CGDCONT: 2,"IP","c"', 'OK'),
      ),
    ).toEqual(
      value([
        { cid: 1, type: 'IP', apn: 'a,b' },
        { cid: 2, type: 'IP', apn: 'c' },
      ]),
    );
    expect(converse(cpsi(), frames('+CPSI: LTE,Online', 'OK')).phase).toBe('done');
  });

  test('10.1.10 RECV FROM without + and with spaces after it; a space in the header', () => {
    expect(decode('\r\nRECV FROM:1.2.3.4:5   \r\n+IPD 3\r\nabc')).toEqual([
      'urc RECV FROM:1.2.3.4:5',
      'urc +IPD 3',
      'payload abc',
    ]);
    expect(decode('\r\n+IPD176\r\n')).toEqual(['urc +IPD176']);
  });

  test('10.1.11 the prompt is a bare >, and the data that a host types may follow it at once', () => {
    expect(decode('\r\n>hello\r\nOK\r\n', { prompt: true, echo: bytesOf('hello') })).toEqual([
      'prompt',
      'payload-echo hello',
      'result OK',
    ]);
  });
});

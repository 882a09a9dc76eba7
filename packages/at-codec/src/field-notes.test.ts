import { describe, expect, test } from 'vitest';
import { bytesOf } from '../test/decode.js';
import { converse, decode, failed, frames, linesOf, urcIn, value } from '../test/tables.js';
import { command, plainLine } from './command.js';
import { cmee } from './commands/general.js';
import { ati, cgmm, cgsn, simcomAti } from './commands/identity.js';
import { cipClose, cipOpen } from './commands/links.js';
import { cdnsCfg, cdnsGip, netClose, netOpen } from './commands/network.js';
import { cgact, cgdcont } from './commands/pdp.js';
import { cops, cpsi, csq } from './commands/radio.js';
import { cipRxGet } from './commands/receiving.js';
import { cereg } from './commands/registration.js';
import { cipSend } from './commands/sending.js';
import { cpin } from './commands/sim.js';

// The points of section 10 of docs/protocol.md, what recordings of real modules show.

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

describe('10.2 order of lines', () => {
  const open = cipOpen({ link: 0, host: 'a.de', port: 1 });

  test('10.2.1 CIPOPEN: OK and then the result, or the other way round', () => {
    expect(converse(open, frames('OK', '+CIPOPEN: 0,0'))).toEqual(value(undefined));
    expect(converse(open, frames('+CIPOPEN: 0,0', 'OK'))).toEqual(value(undefined));
  });

  test('10.2.2 +NETOPEN: closed (0), success (0), open (1)', () => {
    expect(converse(netOpen.read(), frames('+NETOPEN: 0', 'OK'))).toEqual(value(false));
    expect(converse(netOpen(), frames('OK', '+NETOPEN: 0'))).toEqual(value(undefined));
    expect(converse(netOpen.read(), frames('+NETOPEN: 1', 'OK'))).toEqual(value(true));
  });

  test('10.2.3 NETCLOSE with a socket open closes it in between', () => {
    expect(converse(netClose(), frames('OK', '+CIPCLOSE: 1,0', '+NETCLOSE: 0'))).toEqual({
      ...value(undefined),
      foreign: ['+CIPCLOSE: 1,0'],
    });
  });

  test('10.2.4 the result of CDNSGIP stands before OK', () => {
    expect(converse(cdnsGip({ host: 'a.de' }), frames('+CDNSGIP: 1,"a.de","1.2.3.4"', 'OK'))).toEqual(
      value(['1.2.3.4']),
    );
  });

  test('10.2.5 one family, two orders', () => {
    const start = command(plainLine('AT+CMQTTSTART'), {
      outcome: { claims: (line) => line.name === '+CMQTTSTART', error: (line) => line.int(0) },
    });
    expect(converse(start, frames('+CMQTTSTART: 0', 'OK'))).toEqual(value(undefined));
    expect(converse(start, frames('OK', '+CMQTTSTART: 0'))).toEqual(value(undefined));
  });

  test('10.2.6 a second, late OK belongs to no command', () => {
    expect(converse(open, frames('OK', '+CIPOPEN: 0,6', 'OK'))).toMatchObject({
      ...failed({ code: 'SOCKET_ERROR', number: 6 }),
      foreign: ['OK'],
    });
  });

  test('10.2.7 foreign lines and blocks between OK and the result', () => {
    const text = `${frames('OK', '+CGEV: ME PDN ACT 8,1')}\r\n+CMQTTRXPAYLOAD: 0,3\r\nabc${frames('+CIPOPEN: 0,0')}`;
    expect(converse(open, text)).toEqual({
      ...value(undefined),
      foreign: ['+CGEV: ME PDN ACT 8,1', '+CMQTTRXPAYLOAD: 0,3', 'payload'],
    });
  });

  test('10.2.8 the words of a SIM5320 end nothing', () => {
    expect(converse(netOpen(), frames('Network opened', 'OK'))).toMatchObject({
      phase: 'outcome',
      foreign: ['Network opened'],
    });
  });

  test('10.2.9 the report of a send follows OK at once', () => {
    expect(
      converse(cipSend({ link: 1, bytes: bytesOf('x') }), '\r\n>\r\nOK\r\n\r\n+CIPSEND: 1,1,1\r\n'),
    ).toEqual(value({ requested: 1, confirmed: 1 }));
  });

  test('10.2.10 a result that is missing', () => {
    expect(converse(open, frames('OK')).phase).toBe('outcome');
  });
});

describe('10.3 error forms', () => {
  const open = cipOpen({ link: 0, host: 'a.de', port: 1 });
  const send = cipSend({ link: 0, bytes: bytesOf('x') });

  test.each([
    ['10.3.1', send, ['+CIPERROR: 3', 'ERROR'], 'SOCKET_ERROR', 3],
    ['10.3.2', send, ['+CIPERROR: 4', 'ERROR'], 'SOCKET_ERROR', 4],
    ['10.3.3', send, ['+CIPERROR: 8', 'ERROR'], 'SOCKET_ERROR', 8],
    ['10.3.4', cipClose({ link: 0 }), ['+CIPCLOSE: 0,4', 'ERROR'], 'SOCKET_ERROR', 4],
    ['10.3.5', netClose(), ['+NETCLOSE: 2', 'ERROR'], 'SOCKET_ERROR', 2],
    ['10.3.6', open, ['OK', '+CIPOPEN: 0,1'], 'SOCKET_ERROR', 1],
    ['10.3.7', open, ['OK', '+CIPOPEN: 0,2'], 'SOCKET_ERROR', 2],
    ['10.3.8', open, ['+CIPOPEN: 0,3', 'ERROR'], 'SOCKET_ERROR', 3],
    ['10.3.9', netOpen(), ['ERROR'], 'REFUSED', undefined],
    ['10.3.10', cdnsGip({ host: 'a.de' }), ['+CDNSGIP: 0,10', 'ERROR'], 'SOCKET_ERROR', 10],
    ['10.3.11', netClose(), ['+IP ERROR: Network is already closed', 'ERROR'], 'IP_ERROR', 5],
    ['10.3.12', cpin(), ['+CME ERROR: 13'], 'CME_ERROR', 13],
    ['10.3.13', cpin(), ['+CME ERROR: operation not allowed now (#33)'], 'CME_ERROR', 33],
  ])('%s', (_, refused, lines, code, number) => {
    expect(converse<unknown>(refused, frames(...lines))).toMatchObject(failed({ code, number }));
  });

  test('10.3.14, 10.3.15, 10.3.16, 10.3.17 the same forms in other services', () => {
    const mqtt = (name: string, field: number) =>
      command(plainLine(`AT${name}`), {
        outcome: { claims: (line) => line.name === name, error: (line) => line.int(field) },
      });
    expect(converse(mqtt('+CMQTTREL', 1), frames('+CMQTTREL: 0,20', 'ERROR'))).toMatchObject(
      failed({ number: 20 }),
    );
    expect(converse(mqtt('+CMQTTSTART', 0), frames('+CMQTTSTART: 23', 'ERROR'))).toMatchObject(
      failed({ number: 23 }),
    );
    expect(converse(mqtt('+CMQTTSTART', 0), frames('OK', '+CMQTTSTART: 1'))).toMatchObject(
      failed({ number: 1 }),
    );
    expect(converse(mqtt('+CMQTTCONNECT', 1), frames('OK', '+CMQTTCONNECT: 0,26'))).toMatchObject(
      failed({ number: 26 }),
    );
    expect(converse(mqtt('+HTTPACTION', 1), frames('OK', '+HTTPACTION: 0,714,0'))).toMatchObject(
      failed({ number: 714 }),
    );
  });

  test('10.3.18 +IP ERROR explains more than the note says', () => {
    expect(converse(netOpen(), frames('+IP ERROR: Network is already opened', 'ERROR'))).toMatchObject(
      failed({ code: 'IP_ERROR', number: 4 }),
    );
  });
});

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

describe('10.5 interleaving', () => {
  const boot = ['*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE'];

  test('10.5.1 URCs between a command and its echo', () => {
    expect(
      converse(cgmm(), `${frames('+CGEV: ME DETACH', 'SMS DONE')}AT+CGMM\r${frames('A7670E', 'OK')}`),
    ).toEqual({
      ...value('A7670E'),
      foreign: ['+CGEV: ME DETACH', 'SMS DONE'],
    });
  });

  test('10.5.2 URCs between echo, answer, OK and result', () => {
    expect(converse(netOpen(), `AT+NETOPEN\r${frames('PB DONE', 'OK', 'SMS DONE', '+NETOPEN: 0')}`)).toEqual({
      ...value(undefined),
      foreign: ['PB DONE', 'SMS DONE'],
    });
  });

  test('10.5.3 a restart between OK and the result, with a NUL in front', () => {
    expect(converse(netOpen(), `${frames('OK')}\0${frames(...boot, ...boot)}`)).toMatchObject({
      phase: 'outcome',
      foreign: [...boot, ...boot],
    });
  });

  test('10.5.4 the line end of a result may turn up before the next echo', () => {
    expect(decode('\r\n+NETOPEN: 0')).toEqual(['noise \r\n+NETOPEN: 0']);
    expect(decode('\r\n+NETOPEN: 0\r\nAT+IPADDR\r\r\n+IPADDR: 1.2.3.4\r\n')).toEqual([
      'urc +NETOPEN: 0',
      'echo AT+IPADDR',
      'text +IPADDR: 1.2.3.4',
    ]);
  });

  test('10.5.5 +CIPEVENT is one line', () => {
    expect(decode(frames('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'))).toEqual([
      'urc +CIPEVENT: NETWORK CLOSED UNEXPECTEDLY',
    ]);
  });

  test('10.5.6 a notification before an answer of its name, also of another link', () => {
    expect(
      converse(
        cipRxGet.held({ link: 2 }),
        frames('+CIPRXGET: 1,2', '+CIPRXGET: 1,3', '+CIPRXGET: 4,2,9', 'OK'),
      ),
    ).toEqual({ ...value(9), foreign: ['+CIPRXGET: 1,2', '+CIPRXGET: 1,3'] });
  });

  test('10.5.7 late lines of the start, in the middle of traffic', () => {
    const take = cipRxGet.take({ link: 0 });
    const text = `${frames('SMS DONE')}\r\n+CIPRXGET: 2,0,3,0\r\nabc${frames('PB DONE', 'OK')}`;
    expect(converse(take, text)).toEqual({
      ...value({ link: 0, payload: [bytesOf('abc')], rest: 0 }),
      foreign: ['SMS DONE', 'PB DONE'],
    });
  });

  test('10.5.8 a link that opens and is gone', () => {
    expect(
      converse(
        cipOpen({ link: 0, host: 'a.de', port: 1 }),
        frames('OK', '+CIPOPEN: 0,0', '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
      ),
    ).toEqual({ ...value(undefined), foreign: ['+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'] });
  });
});

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

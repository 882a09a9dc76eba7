import { describe, expect, test } from 'vitest';
import { notNamedByTests } from '../../../tools/named-by-tests.js';
import { bytesOf } from '../test/decode.js';
import { converse, decode, failed, frames, linesOf, urcIn, value } from '../test/tables.js';
import { a7600 } from './a7600.js';
import { at, cmee } from './commands/general.js';
import { cgmm, cgsn, ciccid } from './commands/identity.js';
import { cipAck, cipClose, cipOpen } from './commands/links.js';
import { cdnsCfg, ipAddr, netClose, netOpen } from './commands/network.js';
import { cgdcont, cgpaddr } from './commands/pdp.js';
import { cpsi } from './commands/radio.js';
import { cipRxGet } from './commands/receiving.js';
import { cereg, creg } from './commands/registration.js';
import { cipSend } from './commands/sending.js';
import { ifc } from './commands/serial.js';
import { serverStart, serverStop } from './commands/servers.js';
import { cipCcfg, cipCfg, cipMode } from './commands/socket-settings.js';
import { exchange } from './exchange.js';
import { clientAccepted, dataWaitingFrom, linkClosed } from './urcs/sockets.js';
import { restarted } from './urcs/startup.js';

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

describe('order of OK and result (protocol 7.2)', () => {
  test.each([
    ['Q-4', cipClose({ link: 1 }), '+CIPCLOSE: 1,0'],
    ['Q-6', cipOpen({ link: 1, host: 'a.de', port: 1 }), '+CIPOPEN: 1,0'],
    ['Q-6', cipOpen.udp({ link: 1, localPort: 5000 }), '+CIPOPEN: 1,0'],
    ['Q-7', serverStop({ server: 1 }), '+SERVERSTOP: 1,0'],
  ])('%s: $text is complete when both have come', (_, command, result) => {
    expect(converse(command, frames('OK', result))).toEqual(value(undefined));
    expect(converse(command, frames(result, 'OK'))).toEqual(value(undefined));
    expect(converse(command, frames('OK')).phase).toBe('outcome');
    expect(converse(command, frames(result)).phase).toBe('answer');
  });

  test('Q-5: words in place of an address are the reason of the ERROR after them', () => {
    for (const line of ['+IPADDR: Network not opened', '+IP ERROR: Network not opened']) {
      expect(converse(ipAddr(), frames(line, 'ERROR'))).toMatchObject(
        failed({ code: 'IP_ERROR', number: 8 }),
      );
    }
    expect(converse(ipAddr(), frames('+IPADDR: Network not opened', 'OK'))).toMatchObject(
      failed({ code: 'UNREADABLE_ANSWER' }),
    );
  });

  test('Q-8: CLOSED may come with a transparent close, before OK or after it', () => {
    for (const lines of [
      ['CLOSED', 'OK', '+CIPCLOSE: 0,0'],
      ['OK', 'CLOSED', '+CIPCLOSE: 0,0'],
      ['OK', '+CIPCLOSE: 0,0', 'CLOSED'],
    ]) {
      expect(converse(cipClose({ link: 0 }), frames(...lines))).toEqual({
        ...value(undefined),
        foreign: ['CLOSED'],
      });
    }
  });

  test('Q-9: refused at once with ERROR after the result, failed later with OK before it', () => {
    for (const lines of [
      ['+CIPOPEN: 3,10', 'ERROR'],
      ['OK', '+CIPOPEN: 3,10'],
    ]) {
      expect(converse(cipOpen({ link: 3, host: 'a.de', port: 1 }), frames(...lines))).toMatchObject(
        failed({ code: 'SOCKET_ERROR', number: 10, link: 3 }),
      );
    }
  });

  test('Q-10: 1 is open as an answer, and a network failure as a result', () => {
    expect(converse(netOpen.read(), frames('+NETOPEN: 1', 'OK'))).toEqual(value(true));
    expect(converse(netOpen(), frames('OK', '+NETOPEN: 1'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 1 }),
    );
  });

  test('Q-11: a result that never comes leaves the command waiting, until its caller, who has a clock, ends it', () => {
    const waiting = exchange(netOpen());
    for (const line of linesOf(frames('OK'))) waiting.offer(line);
    waiting.fail(new Error('too late'));
    expect(waiting.settled).toMatchObject({ ok: false, error: new Error('too late') });
    expect(converse(netOpen(), frames('OK', '*ATREADY: 1'))).toMatchObject({
      phase: 'outcome',
      foreign: ['*ATREADY: 1'],
    });
  });

  test('Q-12: notifications are never a reply, replies never a notification', () => {
    expect(
      decode(frames('+CIPRXGET: 1,0', '+CIPRXGET: 1', '+CIPRXGET: 4,0,9', '+CIPRXGET: 3,0,0,0')),
    ).toEqual([
      'urc +CIPRXGET: 1,0',
      'text +CIPRXGET: 1',
      'text +CIPRXGET: 4,0,9',
      'text +CIPRXGET: 3,0,0,0',
    ]);
    expect(converse(cipRxGet.read(), frames('+CIPRXGET: 1,3', '+CIPRXGET: 1', 'OK'))).toEqual({
      ...value(true),
      foreign: ['+CIPRXGET: 1,3'],
    });
    expect(
      converse(cipRxGet.test(), frames('+CIPRXGET: 1,3', '+CIPRXGET: (0-5),(0-9),(1-1500)', 'OK')),
    ).toEqual({
      ...value(['(0-5),(0-9),(1-1500)']),
      foreign: ['+CIPRXGET: 1,3'],
    });
  });

  test('Q-13: unknown lines never end a command', () => {
    const lines = ['SMS DONE', 'WHATEVER', '+CGEV: EPS PDN ACT 1', 'PB DONE'];
    expect(converse(cmee({ mode: 2 }), frames(...lines, 'OK'))).toEqual({
      ...value(undefined),
      foreign: lines,
    });
  });
});

describe('listings, numbers, spelling (protocol 7.3)', () => {
  test('Q-14, Q-15: a link is listed with what comes: a UDP peer of zeros, an index that is a server', () => {
    expect(
      converse(
        cipOpen.read(),
        frames('+CIPOPEN: 5,"UDP","0.0.0.0",0,-1', '+CIPOPEN: 0,"TCP","1.2.3.4",5,1', 'OK'),
      ),
    ).toEqual(
      value([
        { link: 5, type: 'UDP', host: '0.0.0.0', port: 0, server: undefined },
        { link: 0, type: 'TCP', host: '1.2.3.4', port: 5, server: 1 },
      ]),
    );
  });

  test('Q-16: the module says how many links it has: in the test form, and in its list of states', () => {
    expect(converse(cipOpen.test(), frames('+CIPOPEN: (0-3),("TCP","UDP")', 'OK'))).toEqual(
      value(['(0-3),("TCP","UDP")']),
    );
    expect(converse(cipClose.read(), frames('+CIPCLOSE: 0,1,0,0', 'OK'))).toEqual(
      value([false, true, false, false]),
    );
    expect(() => cipClose({ link: 10 })).toThrow('link must be an integer from 0 to 9');
  });

  test('Q-17: lists of any length', () => {
    const seven = {
      retries: 10,
      pushDelay: 0,
      errorsInWords: true,
      linkInHeader: false,
      retransmission: 500,
    };
    expect(converse(cipCcfg.read(), frames('+CIPCCFG: 10,0,0,1,0,0,500', 'OK'))).toEqual(value(seven));
    expect(converse(cipCcfg.read(), frames('+CIPCCFG: 10,0,0,1,0,0,500,1', 'OK'))).toEqual(
      value({ ...seven, datagrams: true }),
    );
    for (const groups of ['(0-4),(1-1500)', '(0-5),(0-9),(1-1500)']) {
      expect(converse(cipRxGet.test(), frames(`+CIPRXGET: ${groups}`, 'OK'))).toEqual(value([groups]));
    }
  });

  test.each([
    ['the link is in use', cipOpen({ link: 0, host: 'a.de', port: 1 }), ['+CIPOPEN: 0,4']],
    ['the link is already closed', cipClose({ link: 0 }), ['+CIPCLOSE: 0,4']],
    ['the link is closed', cipSend({ link: 0, bytes: bytesOf('x') }), ['+CIPERROR: 4']],
    ['the link was never opened', cipSend({ link: 0, bytes: bytesOf('x') }), ['+CIPERROR: 3']],
    ['the server is not listening', serverStop({ server: 0 }), ['+SERVERSTOP: 0,4']],
    ['the server index is in use', serverStart({ port: 7, server: 0 }), ['+CIPERROR: 7']],
    ['operation not supported', netOpen(), ['+NETOPEN: 4']],
  ])('Q-18: "%s" is what the number means for %o', (words, command, lines) => {
    expect(converse(command, frames(...lines, 'ERROR'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', message: expect.stringContaining(words) }),
    );
  });

  test('Q-19: words decide; numbers from 21 on are told with a doubt', () => {
    const failure = (info: string) => converse(cipAck({ link: 0 }), frames(`+IP ERROR: ${info}`, 'ERROR'));
    expect(failure('No data')).toMatchObject(failed({ code: 'IP_ERROR', number: 22 }));
    expect(failure('no DATA')).toMatchObject(failed({ number: 22 }));
    expect(failure('8')).toMatchObject(
      failed({ number: 8, message: expect.stringContaining('Network not opened') }),
    );
    expect(failure('22')).toMatchObject(
      failed({ number: 22, message: expect.stringContaining('No data, or something else') }),
    );
    expect(failure('Something new')).toMatchObject(
      failed({ number: undefined, message: expect.stringContaining('Something new') }),
    );
  });

  test('Q-20: a report of less than was sent is told as it is', () => {
    for (const confirmed of [5, 2, 0, -1]) {
      expect(
        converse(
          cipSend({ link: 1, bytes: bytesOf('hello') }),
          `\r\n>${frames('OK', `+CIPSEND: 1,5,${confirmed}`)}`,
        ),
      ).toEqual(value({ requested: 5, confirmed }));
    }
  });

  test('Q-21: spaces around colons and commas, or none; a line without its colon', () => {
    for (const line of ['+IPCLOSE: 0,1', '+IPCLOSE:0,1', '+IPCLOSE : 0 , 1', '+IPCLOSE 0,1']) {
      expect(urcIn(frames(line))).toEqual({ link: 0, reason: 1 });
    }
    expect(linesOf(frames('+IPCLOSE: 0,1'))[0]?.urc).toBe(linkClosed);
    expect(urcIn(frames('+CIPRXGETIP:1.2.3.4:5'))).toEqual({ host: '1.2.3.4', port: 5 });
    expect(linesOf(frames('+CIPRXGETIP:1.2.3.4:5'))[0]?.urc).toBe(dataWaitingFrom);
    expect(decode(frames('+CME ERROR : 13'))).toEqual(['result +CME ERROR : 13']);
    expect(converse(cipCfg.test(), frames('+CIPCFG:"transwaittm",(5-1000)', 'OK'))).toEqual(
      value(['"transwaittm",(5-1000)']),
    );
  });

  test('Q-22: addresses with quotes and without', () => {
    for (const address of ['10.0.0.1', '"10.0.0.1"']) {
      expect(converse(ipAddr(), frames(`+IPADDR: ${address}`, 'OK'))).toEqual(value('10.0.0.1'));
      expect(converse(cgpaddr({ cid: 1 }), frames(`+CGPADDR: 1, ${address}`, 'OK'))).toEqual(
        value([{ cid: 1, addresses: ['10.0.0.1'] }]),
      );
    }
    expect(converse(cgpaddr(), frames('OK'))).toEqual(value([]));
    for (const line of [
      '+CLIENT: 0,1,10.0.0.2:57202',
      '+CLIENT: 0,1,"10.0.0.2:57202"',
      '+CLIENT: 0,1,"10.0.0.2",57202',
    ]) {
      expect(urcIn(frames(line))).toEqual({ link: 0, server: 1, host: '10.0.0.2', port: 57_202 });
    }
    const damaged = ['+CLIENT: 0,1,nonsense', '+CLIENT: 00,,10.0.0.2:57202', '+CLIENT: 11,0,10.0.0.2:57202'];
    expect(linesOf(frames(...damaged)).map((line) => clientAccepted.read(line))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('Q-23: answers that do not begin with the name of their command', () => {
    expect(converse(ciccid(), frames('+ICCID: 89860000000000000000', 'OK'))).toEqual(
      value('89860000000000000000'),
    );
    expect(converse(ifc.read(), frames('+ICF: 0,0', 'OK'))).toEqual(value({ module: 0, host: 0 }));
    expect(converse(cgmm(), frames('A7670E-LNXY-UBL', 'OK'))).toEqual(value('A7670E-LNXY-UBL'));
    expect(converse(cgsn(), frames('DST: 1', '861234567890123', 'OK'))).toEqual({
      ...value('861234567890123'),
      foreign: ['DST: 1'],
    });
    expect(
      converse(cdnsCfg.read(), frames('Primary IPv4 DNS: 8.8.8.8,Secondary IPv4 DNS: 8.8.4.4', 'OK')),
    ).toEqual(value([{ ipv6: false, primary: '8.8.8.8', secondary: '8.8.4.4' }]));
  });

  test('Q-24: what documents mistype cannot be sent: curly quotes are no ASCII', () => {
    expect(() => cgdcont({ apn: '“internet”' })).toThrow('apn must be');
    expect(netOpen().text).toBe('AT+NETOPEN');
    expect(netClose().text).toBe('AT+NETCLOSE');
  });

  test('Q-24a: transparent mode has one link, 0', () => {
    expect(cipOpen.transparent({ type: 'TCP', host: 'a.de', port: 1 }).text).toBe(
      'AT+CIPOPEN=0,"TCP","a.de",1',
    );
    expect(cipMode({ transparent: true }).text).toBe('AT+CIPMODE=1');
  });

  test('Q-24a: a transparent connection begins with CONNECT, whatever else is printed', () => {
    const dial = cipOpen.transparent({ type: 'TCP', host: 'a.de', port: 1 });
    expect(converse(dial, frames('CONNECT 115200'))).toEqual(value(undefined));
    // The OK is the one of the command before, once more.
    expect(converse(dial, frames('OK', 'CONNECT 115200'))).toMatchObject({
      ...value(undefined),
      foreign: ['OK'],
    });
    expect(converse(dial, frames('OK', '+CIPOPEN: 0,0'))).toMatchObject(
      failed({ code: 'UNREADABLE_ANSWER' }),
    );
    expect(converse(dial, frames('+CIPOPEN: 0,2', 'ERROR'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 2 }),
    );
    expect(converse(dial, frames('CONNECT FAIL'))).toMatchObject(failed({ code: 'NO_CARRIER' }));
  });

  test('Q-25: a list of servers in the answer to the test form is not about the test', () => {
    expect(converse(serverStart.test(), frames('+SERVERSTART: 0,1000', 'OK'))).toEqual({
      ...value([]),
      foreign: ['+SERVERSTART: 0,1000'],
    });
  });
});

describe('the line, the state, the rest (protocol 7.4)', () => {
  test('Q-26: the echo of the command, of the payload, and neither', () => {
    const send = cipSend({ link: 0, bytes: bytesOf('OK\r\n') });
    expect(decode(`${send.text}\r\r\n>OK\r\n\r\nOK\r\n`, { prompt: true, echo: send.payload })).toEqual([
      'echo AT+CIPSEND=0,4',
      'prompt',
      'payload-echo OK\r\n',
      'result OK',
    ]);
    expect(decode('\r\n>\r\nOK\r\n', { prompt: true })).toEqual(['prompt', 'result OK']);
  });

  test('Q-27: an echoed payload is never a line, so that no log of lines has it', () => {
    const events = decode('\r\n>user:secret\r\nOK\r\n', { prompt: true, echo: bytesOf('user:secret') });
    expect(events.filter((event) => /^(text|urc|echo|result)/.test(event))).toEqual(['result OK']);
  });

  test('Q-28: NULs between lines are skipped', () => {
    expect(decode('\0\0\r\n*ATREADY: 1\r\n\0\r\n+CPIN: READY\r\n')).toEqual([
      'urc *ATREADY: 1',
      'urc +CPIN: READY',
    ]);
  });

  test('Q-29: only a module that has just started prints these', () => {
    const lines = linesOf(frames('*ATREADY: 1', 'RDY', 'QCRDY', 'START'));
    expect(lines.map(({ urc }) => urc && restarted.includes(urc as (typeof restarted)[number]))).toEqual(
      lines.map(() => true),
    );
  });

  test('Q-30: after the network was lost everything says so in its own way', () => {
    expect(urcIn(frames('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'))).toEqual({
      event: 'NETWORK CLOSED UNEXPECTEDLY',
    });
    expect(converse(netClose(), frames('+NETCLOSE: 2', 'ERROR'))).toMatchObject(failed({ number: 2 }));
    expect(converse(netOpen.read(), frames('+NETOPEN: 0', 'OK'))).toEqual(value(false));
  });

  test('Q-32, Q-33: open already, closed already: errors that can be told from others', () => {
    expect(converse(netOpen(), frames('+IP ERROR: Network is already opened', 'ERROR'))).toMatchObject(
      failed({ code: 'IP_ERROR', number: 4 }),
    );
    for (const number of [2, 4]) {
      expect(converse(cipClose({ link: 0 }), frames(`+CIPCLOSE: 0,${number}`, 'ERROR'))).toMatchObject(
        failed({ code: 'SOCKET_ERROR', number }),
      );
    }
  });

  test('Q-34: a link that the module still holds', () => {
    expect(
      converse(cipOpen({ link: 2, host: 'a.de', port: 1 }), frames('+CIPOPEN: 2,4', 'ERROR')),
    ).toMatchObject(failed({ code: 'SOCKET_ERROR', number: 4, link: 2 }));
  });

  test('Q-35: a line that the host cut short costs that line', () => {
    expect(decode(`\r\n+IP ERROR: Network is already${frames('ERROR', 'RING')}`)).toEqual([
      'text +IP ERROR: Network is already',
      'result ERROR',
      'urc RING',
    ]);
  });

  test('Q-37: a > in the middle of a line, or that no command awaits, is no prompt', () => {
    expect(decode('\r\n+X: 1>2\r\n\r\n>', { prompt: true })).toEqual(['text +X: 1>2', 'prompt']);
    expect(decode('\r\n>\r\n')).toEqual(['text >']);
  });

  test('Q-38: one number is a URC, two are an answer, a quoted second field is a URC again', () => {
    const lines = ['+CREG: 1', '+CREG: 1,"230A","A9F2"', '+CREG: 1,"230A","A9F2",7'];
    expect(converse(creg.read(), frames(...lines, '+CREG: 2,5,"230A","A9F2"', 'OK'))).toEqual({
      ...value({ stat: 5, area: '230A', cell: 'A9F2' }),
      foreign: lines,
    });
    expect(urcIn(frames('+CEREG: 5,"230A","A9F2",7'))).toEqual({
      stat: 5,
      area: '230A',
      cell: 'A9F2',
      technology: 7,
    });
  });

  test('Q-39: the numbers of CPSI are told as they are printed', () => {
    expect(converse(cpsi(), frames('+CPSI: LTE,Online,460-01,-850', 'OK'))).toEqual(
      value({ system: 'LTE', operation: 'Online', details: ['460-01', '-850'] }),
    );
    expect(converse(cpsi(), frames('+CPSI: NO SERVICE, Low Power Mode', 'OK'))).toEqual(
      value({ system: 'NO SERVICE', operation: 'Low Power Mode', details: [] }),
    );
  });

  test('Q-40: states of data-only modules are states like others', () => {
    for (const stat of [6, 11]) {
      expect(converse(cereg.read(), frames(`+CEREG: 0,${stat}`, 'OK'))).toEqual(value({ stat }));
    }
  });

  test('Q-41: of several answers to AT, the command takes one', () => {
    expect(converse(at(), frames('OK', 'OK'))).toEqual({ ...value(undefined), foreign: ['OK'] });
  });

  test('Q-42: an IPADDR that fails is an error of that command and nothing else', () => {
    expect(converse(ipAddr(), frames('+IP ERROR: Network not opened', 'ERROR'))).toMatchObject({
      ...failed({ code: 'IP_ERROR', number: 8, command: 'AT+IPADDR' }),
      foreign: [],
    });
  });

  test('Q-43: whatever comes between a send and its prompt', () => {
    const send = cipSend({ link: 0, bytes: bytesOf('x') });
    const text = `${frames('+CIPRXGET: 1,0', '+IPCLOSE: 0,1')}\r\n>${frames('OK', '+CIPSEND: 0,1,1')}`;
    expect(converse(send, text)).toEqual({
      ...value({ requested: 1, confirmed: 1 }),
      foreign: ['+CIPRXGET: 1,0', '+IPCLOSE: 0,1'],
    });
  });

  test('Q-44: a result right after its OK', () => {
    expect(converse(cipOpen({ link: 0, host: 'a.de', port: 1 }), '\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n')).toEqual(
      value(undefined),
    );
  });

  test('Q-45: texts of other families are lines that no command claims', () => {
    const lines = ['+CADATAIND: 0', 'DATA ACCEPT:5', 'SEND OK', 'CLOSE OK', 'ALREADY CONNECT', 'Call Ready'];
    expect(decode(frames(...lines))).toEqual(lines.map((line) => `text ${line}`));
  });
});

/** What a host has to do, and no decoding is concerned with. */
const FOR_HOSTS: Readonly<Record<string, string>> = {
  'Q-31': 'asks NETOPEN? before it closes the network: tcpip',
  'Q-36': 'one reader, one queue: tcpip',
};

test('every quirk of the protocol reference is named by a test, or is none of decoding', () => {
  const letters = ['3a', '3b', '3c', '3d', '3e', '3f', '3g', '24a'];
  const numbers = [...Array.from({ length: 45 }, (_, at) => String(at + 1)), ...letters];
  const quirks = numbers.map((number) => `Q-${number}`);
  expect(notNamedByTests(import.meta.dirname, quirks)).toEqual(Object.keys(FOR_HOSTS));
});

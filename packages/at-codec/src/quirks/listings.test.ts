import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, failed, frames, linesOf, urcIn, value } from '../../test/tables.js';
import { cgmm, cgsn, ciccid } from '../commands/identity.js';
import { cipAck, cipClose, cipOpen } from '../commands/links.js';
import { cdnsCfg, ipAddr, netClose, netOpen } from '../commands/network.js';
import { cgdcont, cgpaddr } from '../commands/pdp.js';
import { cipRxGet } from '../commands/receiving.js';
import { cipSend } from '../commands/sending.js';
import { ifc } from '../commands/serial.js';
import { serverStart, serverStop } from '../commands/servers.js';
import { cipCcfg, cipCfg, cipMode } from '../commands/socket-settings.js';
import { clientAccepted, dataWaitingFrom, linkClosed } from '../urcs/sockets.js';

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

import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith } from '../test/decode.js';
import { converse, failed, frames, value } from '../test/tables.js';
import { a7600 } from './a7600.js';
import { cmee } from './commands/general.js';
import { cipClose, cipOpen } from './commands/links.js';
import { ipAddr, netClose, netOpen } from './commands/network.js';
import { cgdcont } from './commands/pdp.js';
import { csq } from './commands/radio.js';
import { cipRxGet } from './commands/receiving.js';
import { cereg } from './commands/registration.js';
import { cipSend } from './commands/sending.js';
import { serverStart, serverStop } from './commands/servers.js';
import { cpin } from './commands/sim.js';
import { exchange } from './exchange.js';

describe('answers', () => {
  test('OK alone', () => {
    expect(converse(cmee({ mode: 2 }), frames('OK'))).toEqual(value(undefined));
  });

  test('one line and OK', () => {
    expect(converse(csq(), frames('+CSQ: 23,0', 'OK'))).toEqual(value({ rssi: 23, ber: 0 }));
    expect(converse(cpin(), frames('+CPIN: READY', 'OK'))).toEqual(value('READY'));
    expect(converse(cereg.read(), frames('+CEREG: 2,1,"230A","A9F2"', 'OK'))).toEqual(
      value({ stat: 1, area: '230A', cell: 'A9F2' }),
    );
    expect(converse(cereg.read(), frames('+CEREG: 0,5', 'OK'))).toEqual(value({ stat: 5 }));
  });

  test('a listing', () => {
    const listing = [
      '+CIPOPEN: 0',
      '+CIPOPEN: 1,"TCP","117.131.85.139",5253,-1',
      '+CIPOPEN: 2,"TCP","1.2.3.4",5,0',
    ];
    expect(converse(cipOpen.read(), `\r\n${listing.join('\r\n')}\r\n${frames('OK')}`)).toEqual(
      value([
        { link: 1, type: 'TCP', host: '117.131.85.139', port: 5253, server: undefined },
        { link: 2, type: 'TCP', host: '1.2.3.4', port: 5, server: 0 },
      ]),
    );
    expect(converse(serverStart.read(), frames('+SERVERSTART: 0,7', 'OK'))).toEqual(
      value([{ server: 0, port: 7 }]),
    );
    const contexts = frames('+CGDCONT: 1,"IP","cm,net","0.0.0.0",0,0,,,,', '+CGDCONT: 8,"IPV4V6",""', 'OK');
    expect(converse(cgdcont.read(), contexts)).toEqual(
      value([
        { cid: 1, type: 'IP', apn: 'cm,net' },
        { cid: 8, type: 'IPV4V6', apn: '' },
      ]),
    );
  });

  test('a length-prefixed block', () => {
    const { settled } = converse(
      cipRxGet.take({ link: 1 }),
      '\r\n+CIPRXGET: 2,1,4,11\r\n\r\nOK\r\n\r\nOK\r\n',
    );
    expect(settled).toEqual({ ok: true, value: { link: 1, rest: 11, payload: [bytesOf('\r\nOK')] } });
  });
});

test('what has come of an answer can be told before it is complete', () => {
  const heard = (text: string) => {
    const asked = exchange(netOpen());
    for (const event of decodeWith(a7600, [bytesOf(text)])) asked.offer(event);
    return asked.heard.map((line) => line.text);
  };
  expect(heard('')).toEqual([]);
  expect(heard(frames('+NETOPEN: 0'))).toEqual(['+NETOPEN: 0']);
  expect(heard(frames('+IP ERROR: Network is already opened'))).toEqual([
    '+IP ERROR: Network is already opened',
  ]);
});

describe('results before, after and without OK', () => {
  test('3.1.3: OK, then the result', () => {
    expect(converse(netOpen(), frames('OK')).phase).toBe('outcome');
    expect(converse(netOpen(), frames('OK', '+NETOPEN: 0'))).toEqual(value(undefined));
  });

  test('Q-10: +NETOPEN: 1 is open before OK and a failure after it', () => {
    expect(converse(netOpen.read(), frames('+NETOPEN: 1', 'OK'))).toEqual(value(true));
    expect(converse(netOpen(), frames('OK', '+NETOPEN: 1'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 1 }),
    );
  });

  test('Q-4, Q-7: the result may come first', () => {
    expect(converse(cipClose({ link: 1 }), frames('+CIPCLOSE: 1,0', 'OK'))).toEqual(value(undefined));
    expect(converse(serverStop({ server: 2 }), frames('+SERVERSTOP: 2,0', 'OK'))).toEqual(value(undefined));
    expect(converse(serverStop({ server: 2 }), frames('OK', '+SERVERSTOP: 2,0'))).toEqual(value(undefined));
  });

  test('Q-9: a refusal explains itself before ERROR, a late failure after OK', () => {
    const open = cipOpen({ link: 3, host: 'example.com', port: 80 });
    const refused = failed({ code: 'SOCKET_ERROR', number: 2, link: 3 });
    expect(converse(open, frames('+CIPOPEN: 3,2', 'ERROR'))).toMatchObject(refused);
    expect(converse(open, frames('OK', '+CIPOPEN: 3,2'))).toMatchObject(refused);
  });

  test("Q-8: CLOSED is not the command's business", () => {
    expect(converse(cipClose({ link: 0 }), frames('OK', 'CLOSED', '+CIPCLOSE: 0,0'))).toEqual({
      ...value(undefined),
      foreign: ['CLOSED'],
    });
  });

  test('Q-12: results of other links are left to others', () => {
    const open = cipOpen({ link: 3, host: 'example.com', port: 80 });
    expect(converse(open, frames('+CIPOPEN: 2,0', 'OK', '+CIPOPEN: 4,1', '+CIPOPEN: 3,0'))).toEqual({
      ...value(undefined),
      foreign: ['+CIPOPEN: 2,0', '+CIPOPEN: 4,1'],
    });
  });

  test('Q-12, Q-13: URCs before, inside and after an answer are left to others', () => {
    const text = frames('SMS DONE', '+CIPRXGET: 1,1', '+CIPRXGET: 4,1,16', 'PB DONE', 'OK');
    expect(converse(cipRxGet.held({ link: 1 }), text)).toEqual({
      ...value(16),
      foreign: ['SMS DONE', '+CIPRXGET: 1,1', 'PB DONE'],
    });
  });

  test('Q-38: an unsolicited registration is not the answer', () => {
    expect(converse(cereg.read(), frames('+CEREG: 1', '+CEREG: 0,5', 'OK'))).toEqual({
      ...value({ stat: 5 }),
      foreign: ['+CEREG: 1'],
    });
  });

  test('Q-26: the echo belongs to the command', () => {
    expect(converse(csq(), `AT+CSQ\r${frames('+CSQ: 9,99', 'OK')}`)).toEqual(value({ rssi: 9, ber: 99 }));
  });
});

describe('sending', () => {
  const send = cipSend({ link: 1, bytes: bytesOf('hello') });

  test('3.2.2: prompt, OK, report', () => {
    expect(converse(send, `\r\n>${frames('OK', '+CIPSEND: 1,5,5')}`)).toEqual(
      value({ requested: 5, confirmed: 5 }),
    );
  });

  test('an OK before the prompt answers something earlier', () => {
    expect(converse(send, `${frames('OK')}\r\n>${frames('OK', '+CIPSEND: 1,5,5')}`)).toEqual({
      ...value({ requested: 5, confirmed: 5 }),
      foreign: ['OK'],
    });
  });

  test('Q-18: 4 means that the link is closed', () => {
    expect(converse(send, frames('+CIPERROR: 4', 'ERROR'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 4, message: expect.stringContaining('the link is closed') }),
    );
  });

  test('Q-20: a report of less, or of -1, is told as it is', () => {
    expect(converse(send, `\r\n>${frames('OK', '+CIPSEND: 1,5,2')}`)).toEqual(
      value({ requested: 5, confirmed: 2 }),
    );
    expect(converse(send, `\r\n>${frames('OK', '+CIPSEND: 1,5,-1')}`)).toEqual(
      value({ requested: 5, confirmed: -1 }),
    );
  });
});

describe('failures', () => {
  test('a bare ERROR', () => {
    expect(converse(netOpen(), frames('ERROR'))).toMatchObject(
      failed({ code: 'REFUSED', command: 'AT+NETOPEN' }),
    );
  });

  test.each([
    ['+CME ERROR: 13', 13],
    ['+CME ERROR: SIM failure', 13],
    ['+CME ERROR: operation not allowed temporarily (#33)', 33],
    ['+CME ERROR: something new', undefined],
  ])('%s', (line, number) => {
    expect(converse(cpin(), frames(line))).toMatchObject(failed({ code: 'CME_ERROR', number }));
  });

  test.each([
    ['+IP ERROR: Network is already opened', 4],
    ['+IP ERROR: 4', 4],
  ])('Q-32: %s', (line, number) => {
    expect(converse(netOpen(), frames(line, 'ERROR'))).toMatchObject(failed({ code: 'IP_ERROR', number }));
  });

  test('Q-33: closing what is closed', () => {
    expect(converse(netClose(), frames('+NETCLOSE: 2', 'ERROR'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 2 }),
    );
  });

  test.each(['+IPADDR: Network not opened', '+IP ERROR: Network not opened'])('Q-5: %s', (line) => {
    expect(converse(ipAddr(), frames(line, 'ERROR')).settled).toMatchObject({ ok: false });
  });

  test('OK without the line that was asked for', () => {
    expect(converse(csq(), frames('OK'))).toMatchObject(failed({ code: 'UNREADABLE_ANSWER' }));
    expect(converse(csq(), frames('+CSQ: x,y', 'OK'))).toMatchObject(failed({ code: 'UNREADABLE_ANSWER' }));
  });
});

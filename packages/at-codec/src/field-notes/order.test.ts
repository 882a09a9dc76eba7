import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, failed, frames, value } from '../../test/tables.js';
import { command, plainLine } from '../command.js';
import { cipOpen } from '../commands/links.js';
import { cdnsGip, netClose, netOpen } from '../commands/network.js';
import { cipSend } from '../commands/sending.js';

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

  test('the result of a lookup that was given up, which names another host, is not taken (application note, 2.1)', () => {
    const late = '+CDNSGIP: 1,"b.de","1.2.3.4"';
    expect(converse(cdnsGip({ host: 'A.de' }), frames(late, '+CDNSGIP: 1,"a.de","5.6.7.8"', 'OK'))).toEqual({
      ...value(['5.6.7.8']),
      foreign: [late],
    });
  });

  test('a name that a replayed recording hides is the one that was asked for', () => {
    const redacted = frames('+CDNSGIP: 1,"....","5.6.7.8"', 'OK');
    expect(converse(cdnsGip({ host: 'a.de' }), redacted)).toEqual(value(['5.6.7.8']));
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

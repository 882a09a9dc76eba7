import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, frames, value } from '../../test/tables.js';
import { cgmm } from '../commands/identity.js';
import { cipOpen } from '../commands/links.js';
import { netOpen } from '../commands/network.js';
import { cipRxGet } from '../commands/receiving.js';

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

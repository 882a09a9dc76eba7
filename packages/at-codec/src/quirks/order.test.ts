import { describe, expect, test } from 'vitest';
import { converse, decode, failed, frames, linesOf, value } from '../../test/tables.js';
import { cmee } from '../commands/general.js';
import { cipClose, cipOpen } from '../commands/links.js';
import { ipAddr, netOpen } from '../commands/network.js';
import { cipRxGet } from '../commands/receiving.js';
import { serverStop } from '../commands/servers.js';
import { exchange } from '../exchange.js';

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

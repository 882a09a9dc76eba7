import { describe, expect, test } from 'vitest';
import { converse, frames } from '../test/tables.js';
import type { Command } from './command.js';
import { cmee } from './commands/general.js';
import { cipClose, cipOpen } from './commands/links.js';
import { netOpen } from './commands/network.js';
import { cipRxGet } from './commands/receiving.js';
import { cipCcfg } from './commands/socket-settings.js';
import { isAtError } from './errors.js';

/** The error of a command that the module answers with `lines`. */
function errorOf(command: Command<unknown>, ...lines: readonly string[]) {
  const { settled } = converse(command, frames(...lines));
  if (settled?.ok !== false || !isAtError(settled.error)) throw new Error('The command did not fail.');
  return settled.error;
}

const open = () => cipOpen({ link: 3, host: 'a.b', port: 80 });

describe('what an error says', () => {
  test.each<[string, readonly string[], string]>([
    [
      'a number of the table, with advice',
      ['OK', '+NETOPEN: 1'],
      'AT+NETOPEN failed: network failure (the module answered "+NETOPEN: 1"). ' +
        'Check the signal and the registration, and that the peer is reachable.',
    ],
    [
      'a number of the table without advice',
      ['OK', '+NETOPEN: 4'],
      'AT+NETOPEN failed: operation not supported (the module answered "+NETOPEN: 4").',
    ],
    [
      'a number that no table has',
      ['OK', '+NETOPEN: 77'],
      'AT+NETOPEN failed: unknown error 77 (the module answered "+NETOPEN: 77").',
    ],
    ['no reason', ['ERROR'], 'AT+NETOPEN failed: the module gave no reason (the module answered "ERROR").'],
    [
      'words of the first table',
      ['+IP ERROR: Network is already opened', 'ERROR'],
      'AT+NETOPEN failed: Network is already opened (the module answered "+IP ERROR: Network is already opened / ERROR").',
    ],
    [
      'words that no table has',
      ['+IP ERROR: Out of luck, again', 'ERROR'],
      'AT+NETOPEN failed: Out of luck,again (the module answered "+IP ERROR: Out of luck, again / ERROR").',
    ],
    [
      'a number of the first table',
      ['+IP ERROR: 20', 'ERROR'],
      'AT+NETOPEN failed: Server is already listening (the module answered "+IP ERROR: 20 / ERROR").',
    ],
    [
      'a number on which documents differ',
      ['+IP ERROR: 21', 'ERROR'],
      'AT+NETOPEN failed: Operation failed, or something else: documents differ on this number ' +
        '(the module answered "+IP ERROR: 21 / ERROR").',
    ],
    [
      '+CIPERROR',
      ['+CIPERROR: 2', 'ERROR'],
      'AT+NETOPEN failed: network not opened (the module answered "+CIPERROR: 2 / ERROR"). Open the network first.',
    ],
  ])('%s', (_, lines, message) => {
    expect(errorOf(netOpen(), ...lines).message).toBe(message);
    if (lines[0]?.startsWith('+IP ERROR')) expect(errorOf(netOpen(), ...lines).code).toBe('IP_ERROR');
  });

  test('the link, and what the number means for this command', () => {
    const error = errorOf(open(), 'OK', '+CIPOPEN: 3,4');
    expect(error.message).toBe(
      'AT+CIPOPEN=3,"TCP","a.b",80 failed on link 3: the link is in use (the module answered "+CIPOPEN: 3,4").',
    );
    expect({ ...error }).toMatchObject({ code: 'SOCKET_ERROR', link: 3, number: 4, answer: '+CIPOPEN: 3,4' });
  });

  test.each([
    '+CIPCCFG: 11,0,0,1,1,0,500,1',
    '+CIPCCFG: 10,1001,0,1,1,0,500,1',
    '+CIPCCFG: 10,0,0,1,1,0,50,1',
  ])('a setting that no module can have is a damaged line: %s', (line) => {
    expect(errorOf(cipCcfg.read(), line, 'OK').code).toBe('UNREADABLE_ANSWER');
  });

  test('a link that no module has is a damaged line', () => {
    const answer = '+CIPOPEN: 77,"TCP","10.3.0.1",80,-1';
    expect(errorOf(cipOpen.read(), answer, 'OK').code).toBe('UNREADABLE_ANSWER');
  });

  test('a result without a number', () => {
    const error = errorOf(cipClose({ link: 1 }), 'OK', '+CIPCLOSE: 1,');
    expect(error.message).toBe(
      'AT+CIPCLOSE=1 failed on link 1: its result has no number (the module answered "+CIPCLOSE: 1,").',
    );
    expect([error.code, error.number]).toEqual(['UNREADABLE_ANSWER', undefined]);
  });

  test('a connection that there is not', () => {
    const error = errorOf(cipOpen.transparent({ type: 'TCP', host: 'a.b', port: 80 }), 'CONNECT FAIL');
    expect([error.code, error.message]).toEqual([
      'NO_CARRIER',
      'AT+CIPOPEN=0,"TCP","a.b",80 failed on link 0: there is no connection (the module answered "CONNECT FAIL").',
    ]);
  });

  test('OK instead of CONNECT', () => {
    const error = errorOf(cipOpen.transparent({ type: 'TCP', host: 'a.b', port: 80 }), 'OK', '+CIPOPEN: 0,0');
    expect(error.message).toBe('The module answered OK instead of CONNECT.');
  });

  test('a command about no link has none in its error', () => {
    expect('link' in { ...errorOf(netOpen(), 'ERROR') }).toBe(true);
    expect(errorOf(netOpen(), 'ERROR').link).toBeUndefined();
    expect(errorOf(netOpen(), 'ERROR').number).toBeUndefined();
  });
});

describe('+CME ERROR', () => {
  test.each([
    ['+CME ERROR: 13', 13, '+CME ERROR 13, SIM failure'],
    ['+CME ERROR: SIM failure', 13, '+CME ERROR SIM failure'],
    ['+CME ERROR: sim FAILURE', 13, '+CME ERROR sim FAILURE'],
    ['+CME ERROR: 9999', 9999, '+CME ERROR 9999'],
    ['+CME ERROR: something new', undefined, '+CME ERROR something new'],
    ['+CME ERROR: no luck (#133)', 133, '+CME ERROR no luck (#133), requested service option not subscribed'],
    ['+CME ERROR: no luck (#1)', 1, '+CME ERROR no luck (#1)'],
    ['+CME ERROR: (#13) first', undefined, '+CME ERROR (#13) first'],
    ['+CMS ERROR: 13', 13, '+CMS ERROR 13, SIM failure'],
  ])('%s', (line, number, text) => {
    const error = errorOf(cmee({ mode: 2 }), line);
    expect([error.code, error.number]).toEqual(['CME_ERROR', number]);
    expect(error.message).toBe(`AT+CMEE=2 failed: ${text} (the module answered "${line}").`);
  });
});

describe('bytes lost inside a block', () => {
  test('the error names the link and the header, and what to do', () => {
    const { settled } = converse(cipRxGet.take({ link: 2 }), '\r\n+CIPRXGET: 2,2,9,0\r\nhello\r\n\r\nOK\r\n');
    expect(settled).toMatchObject({
      ok: false,
      error: {
        code: 'FRAMING_LOST',
        link: 2,
        command: 'AT+CIPRXGET=2,2,1500',
        answer: '+CIPRXGET: 2,2,9,0',
        message:
          'AT+CIPRXGET=2,2,1500 failed on link 2: bytes were lost inside the block after ' +
          '"+CIPRXGET: 2,2,9,0". Use flow control, or a lower baud rate.',
      },
    });
  });

  test('a command about no link has none in its error', () => {
    const read: Command<void> = {
      text: 'AT+HTTPREAD=0,9',
      label: 'AT+HTTPREAD=0,9',
      timeout: 1,
      claims: (line) => line.name === '+HTTPREAD',
      read: () => undefined,
    };
    const { settled } = converse(read, '\r\n+HTTPREAD: 9\r\nhello\r\n\r\nOK\r\n');
    const error = settled?.ok === false ? settled.error : undefined;
    expect(error?.message).toMatch(/^AT\+HTTPREAD=0,9 failed: bytes were lost/);
    expect(isAtError(error) && error.link).toBeUndefined();
  });
});

import { expect, test } from 'vitest';
import { type DialogueEntry, explanation, meaningOfLine } from './explanation.js';

test.each<readonly [DialogueEntry, string]>([
  [{ kind: 'command', text: 'AT+CIPOPEN=0,"TCP","example.com",80\r' }, 'application note, section 3.2'],
  [{ kind: 'command', text: 'AT+XYZ\r' }, 'The SDK does not describe AT+XYZ'],
  [{ kind: 'answer', text: '+CSQ: 23,0\r\n', command: 'AT+CSQ' }, '-67 dBm, excellent'],
  [{ kind: 'answer', text: '+CEREG: 0,5\r\n', command: 'AT+CEREG?' }, 'registered, roaming'],
  [{ kind: 'error', text: '+CME ERROR: 10\r\n', command: 'AT+CPIN?' }, 'SIM'],
  [{ kind: 'error', text: 'ERROR\r\n', command: 'AT+CSQ' }, 'AT+CSQ'],
  [{ kind: 'result', text: 'OK\r\n', command: 'AT+CSQ' }, 'The module has carried out AT+CSQ.'],
  [{ kind: 'notification', text: '+IPCLOSE: 0,1\r\n' }, 'a socket has ended'],
  [
    { kind: 'notification', text: '+CIPOPEN: 0,0\r\n' },
    'The result of AT+CIPOPEN, which comes after OK: success.',
  ],
  [{ kind: 'payload', text: '12345' }, '5 bytes of payload.'],
])('%o', (entry, words) => {
  expect(explanation(entry).join(' ')).toContain(words);
});

test.each(['\r\n', '\x00\xff', '+', '"', 'AT', '+CME ERROR: 99999', '█'.repeat(20)])(
  'no entry is an error: %j',
  (text) => {
    const kinds = [
      'command',
      'answer',
      'error',
      'result',
      'notification',
      'payload',
      'prompt',
      'echo',
    ] as const;
    for (const kind of kinds) {
      for (const command of [undefined, 'AT+CSQ', 'AT+NONSENSE="', '\x00']) {
        expect(() => explanation({ kind, text, command })).not.toThrow();
      }
    }
  },
);

test.each([
  ['+CIPOPEN: 5,1', '', 'The result of AT+CIPOPEN, which comes after OK: network failure.'],
  ['+CIPCLOSE: 0,0', '', 'The result of AT+CIPCLOSE, which comes after OK: success.'],
  ['+NETOPEN: 1', 'AT+NETOPEN', 'The result of AT+NETOPEN, which comes after OK: network failure.'],
  ['+CREG: 1', '', 'the registration has changed'],
  ['RING', '', 'a call comes in'],
  ['NO CARRIER', '', 'a call, or the connection of data mode, has ended'],
  // What was asked for is no notification, and neither is a line that nothing is known of.
  ['+NETOPEN: 1', 'AT+NETOPEN?\r', undefined],
  ['+CPIN: READY', 'AT+CPIN?', undefined],
  ['+CIPOPEN: 0,"TCP","192.0.2.1",80,-1', 'AT+CIPOPEN?', undefined],
  ['+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0', 'AT+CIPCLOSE?', undefined],
  ['+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0', '', undefined],
  ['+CSQ: 23,0', 'AT+CSQ', undefined],
  ['OK', '', undefined],
  ['', '', undefined],
])('by itself, %j after %j means %j', (text, asked, meaning) => {
  expect(meaningOfLine(text, asked)).toBe(meaning);
});

import { expect, test } from 'vitest';
import { Observer } from './observer.js';

/** Reads lines, `>` before what was sent; returns the observer and the kinds. */
function reading(...dialogue: readonly string[]) {
  const observer = new Observer(() => {});
  observer.opened();
  const kinds = dialogue.map((line) => {
    const way = line.startsWith('>') ? 'sent' : 'received';
    return observer.read(0, way, line.slice(1)).kind;
  });
  return { observer, kinds };
}

test('tells commands, answers, results and what nothing asked for apart', () => {
  const { kinds } = reading(
    '>AT+CSQ\r',
    '<AT+CSQ\r\r\n',
    '<\r\n',
    '<+CSQ: 23,0\r\n',
    '<+CIPRXGET: 1,0\r\n',
    '<OK\r\n',
    '<+CSQ: 22,0\r\n',
    '>AT+CIPSEND=0,5\r',
    '<\r\n>',
    '>hello',
    '<OK\r\n',
    '>AT+CPIN?\r',
    '<+CME ERROR: 10\r\n',
  );
  expect(kinds).toEqual([
    'command',
    'echo',
    'blank',
    'answer',
    'notification',
    'result',
    'notification',
    'command',
    'prompt',
    'payload',
    'result',
    'command',
    'error',
  ]);
});

test('lights the stations as the module reaches them, and darkens them when it restarts', () => {
  const online = ['>AT+CPIN?\r', '<+CPIN: READY\r\n', '<OK\r\n', '<+CREG: 1\r\n', '<+NETOPEN: 0\r\n'];
  const { observer } = reading(...online);
  expect(Object.values(observer.facts.reached)).toEqual([true, true, true, true, true]);
  observer.read(0, 'received', '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n');
  expect(observer.facts.reached).toMatchObject({ registration: true, network: false });
  observer.read(0, 'received', '*ATREADY: 1\r\n');
  expect(observer.facts.reached).toEqual({
    port: true,
    module: true,
    sim: false,
    registration: false,
    network: false,
  });
});

test('a query of the registration has the state second, a report has it first', () => {
  expect(reading('>AT+CREG?\r', '<+CREG: 0,5\r\n').observer.facts.registration).toBe('registered, roaming');
  expect(reading('<+CREG: 3\r\n').observer.facts).toMatchObject({
    registration: 'the network denied the registration',
    reached: { registration: false },
  });
});

test('the answer to AT+NETOPEN? is no result', () => {
  const { observer } = reading('>AT+NETOPEN?\r', '<+NETOPEN: 0\r\n');
  expect(observer.facts.reached.network).toBe(false);
});

test('counts what a link carries, and frees it when it is closed', () => {
  const { observer } = reading(
    '>AT+CIPOPEN=2,"TCP","example.com",80\r',
    '<OK\r\n',
    '<+CIPOPEN: 2,0\r\n',
    '>AT+CIPSEND=2,5\r',
    '<>',
    '>hello',
    '<+CIPSEND: 2,5,5\r\n',
    '>AT+CIPRXGET=2,2,1500\r',
    '<+CIPRXGET: 2,2,3,0\r\n',
    '<abc',
    '<OK\r\n',
  );
  expect(observer.facts.links[2]).toEqual({
    state: 'open',
    kind: 'TCP',
    peer: 'example.com:80',
    sent: 5,
    received: 3,
  });
  observer.read(0, 'received', '+IPCLOSE: 2,1\r\n');
  expect(observer.facts.links[2]?.state).toBe('free');
});

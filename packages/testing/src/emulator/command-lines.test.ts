import { describe, expect, test } from 'vitest';
import {
  connected,
  ERROR,
  heard,
  linkOf,
  OK,
  open,
  openOnline,
  openTransparent,
  say,
  unit,
} from '../../test/console.js';
import { turnaround } from './timing.js';

const PROMPT = '\r\n>';

describe('the LF of a command line that ends in CR LF', () => {
  test('is no payload when it follows the CR', () => {
    const console = openOnline();
    const far = heard(connected(console));
    expect(console.type('AT+CIPSEND=1,5\r\n')).toBe(PROMPT);
    console.type('hello');
    expect(far.text).toBe('hello');
  });

  test.each([0, 3])(
    'is no payload when it comes later, from a host that ends lines so (answers take %i ms)',
    (ms) => {
      const console = openOnline({ timing: turnaround(ms) });
      const far = heard(connected(console));
      console.type('AT\r\n');
      console.wait(10);
      console.type('AT+CIPSEND=1,5\r');
      console.wait(10);
      console.type('\n');
      console.wait(50);
      console.type('hello');
      console.wait(10);
      expect(far.text).toBe('hello');
    },
  );

  test('is no payload when it comes while the command is at work, from any sender', () => {
    const console = openOnline({ timing: turnaround(5) });
    const far = heard(connected(console));
    console.type('AT+CIPSEND=1,5\r');
    console.wait(2);
    console.type('\n');
    console.wait(10);
    console.type('hello');
    console.wait(10);
    expect(far.text).toBe('hello');
  });

  test('is no data of a transparent connection', () => {
    const console = open();
    console.type('AT+CIPMODE=1\r\n');
    console.type('AT+NETOPEN\r\n');
    console.wait(10);
    const accepted: string[] = [];
    console.outside.serve('10.0.9.9', 5253).subscribe((connection) => {
      connection.received$.subscribe((bytes) => accepted.push(String.fromCharCode(...bytes)));
    });
    expect(console.type('AT+CIPOPEN=0,"TCP","10.0.9.9",5253\r\n')).toContain('CONNECT');
    console.type('hello');
    console.wait(200);
    expect(accepted.join('')).toBe('hello');
  });

  test('is payload after the prompt, from a host that ends its lines with CR alone', () => {
    const console = openOnline();
    const far = heard(connected(console));
    console.type('AT+CIPSEND=1,5\r');
    console.type('\nhell');
    expect(far.text).toBe('\nhell');
  });

  test('is taken once: a payload may begin with one of its own', () => {
    const console = openOnline();
    const far = heard(connected(console));
    console.type('AT+CIPSEND=1,3\r\n');
    console.type('\nab');
    expect(far.text).toBe('\nab');
  });

  test('of a transparent connection that the peer keeps apart is data', () => {
    const { far, ...console } = openTransparent();
    const peer = heard(far);
    console.type('\nabc');
    console.wait(200);
    expect(peer.text).toBe('\nabc');
    say(far, 'x');
    expect(console.printed()).toBe('x');
  });
});

describe('a command line of any legal length', () => {
  test('is answered, however many commands it holds', () => {
    const console = open();
    const answers = Array.from({ length: 600 }, () => unit('+CSQ: 23,0')).join('');
    expect(console.at(Array.from({ length: 600 }, () => '+CSQ').join(';'))).toBe(answers + OK);
    expect(console.at('')).toBe(OK);
  });

  test('of 3071 characters after AT is answered, a longer one is refused, both leave the module usable', () => {
    const console = open();
    expect(console.at(`${'E0'.repeat(1535)}E`)).toBe(OK);
    expect(console.at('E0'.repeat(1536))).toBe(ERROR);
    expect(console.at('E0'.repeat(50_000))).toBe(ERROR);
    expect(console.at('')).toBe(OK);
  });
});

test('no link ever has more unread bytes than its receive buffer, and none is lost', () => {
  const console = openOnline();
  const far = connected(console);
  say(far, 'x'.repeat(200_000));
  console.wait(1_000);
  expect(linkOf(console, 1).unread).toBe(64_240);
  expect(console.at('+CIPRXGET=4,1')).toContain('+CIPRXGET: 4,1,64240');
  let read = 0;
  for (let turn = 0; turn < 200 && read < 200_000; turn++) {
    const count = /\+CIPRXGET: 2,1,(\d+),(\d+)/.exec(console.at('+CIPRXGET=2,1,1500'));
    read += Number(count?.[1] ?? 0);
    expect(linkOf(console, 1).unread).toBeLessThanOrEqual(64_240);
  }
  expect(read).toBe(200_000);
});

import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { bytesOf, type Console, open, openOnline, received, unit } from '../../test/console.js';
import type { Connection } from '../networks/network.js';
import { ok } from './at/reply.js';
import { a76xx } from './profiles/a76xx.js';

const OK = unit('OK');
const ERROR = unit('ERROR');

describe('framing (protocol 2, 9.1)', () => {
  test('echo is on after a start and ends with the CR of the command', () => {
    expect(open({ echo: true }).type('AT\r')).toBe('AT\r\r\nOK\r\n');
  });

  test('any case, spaces behind commas, a line feed behind the CR', () => {
    const console = open();
    expect(console.type('at\r\n')).toBe(OK);
    expect(console.type('aT+cmee = 1\r')).toBe(OK);
    expect(console.type('\nAT+CMEE?\r')).toBe(unit('+CMEE: 1') + OK);
  });

  test('several commands on one line have one result', () => {
    const console = open();
    expect(console.type('AT+CSQ;+CPIN?\r')).toBe(unit('+CSQ: 23,0') + unit('+CPIN: READY') + OK);
    expect(console.type('ATE0V1;+CMEE=2\r')).toBe(OK);
    expect(console.type('AT+CSQ;+NOSUCH;+CSQ\r')).toBe(unit('+CSQ: 23,0') + ERROR);
  });

  test('what is no command is refused', () => {
    const console = open();
    for (const line of ['AT+NOSUCH', 'AT+NETOPEN=1', 'hello', 'AT!', `AT${'X'.repeat(4000)}`]) {
      expect(console.type(`${line}\r`)).toBe(ERROR);
    }
  });

  test('a longer line than the buffer is refused as a whole', () => {
    const console = open();
    const fill = (length: number) => `AT+CGDCONT=1,"IP","${'x'.repeat(length - 18)}"\r`;
    expect(console.type(fill(3071))).toBe(OK);
    expect(console.type(fill(3072))).toBe(ERROR);
  });

  test('ATV0 prints numbers', () => {
    const console = open();
    expect(console.type('ATV0\r')).toBe('0\r');
    expect(console.type('AT+CSQ\r')).toBe('+CSQ: 23,0\r\n0\r');
    expect(console.type('AT+NOSUCH\r')).toBe('4\r');
  });

  test('commands that are typed ahead are answered in turn', () => {
    expect(open().type('AT\rAT+CSQ\rAT\r')).toBe(OK + unit('+CSQ: 23,0') + OK + OK);
  });
});

describe('SIM and registration', () => {
  test.each([
    [0, ERROR],
    [1, unit('+CME ERROR: 14')],
    [2, unit('+CME ERROR: SIM busy')],
  ])('CMEE=%i decides how a failure is told', (mode, answer) => {
    const console = open({ surroundings: { sim: { cme: 14 } } });
    console.type(`AT+CMEE=${mode}\r`);
    expect(console.type('AT+CPIN?\r')).toBe(answer);
  });

  test('the surroundings can change', () => {
    const console = open({ surroundings: { registration: 2 } });
    expect(console.type('AT+CREG?\r')).toBe(unit('+CREG: 0,2') + OK);
    console.module.control.surroundings.registration = 5;
    expect(console.type('AT+CGREG?;+CEREG?\r')).toBe(unit('+CGREG: 0,5') + unit('+CEREG: 0,5') + OK);
  });
});

describe('network (protocol 9.2)', () => {
  test('opens behind OK, and tells its address', () => {
    const console = open();
    expect(console.type('AT+NETOPEN?\r')).toBe(unit('+NETOPEN: 0') + OK);
    expect(console.type('AT+IPADDR\r')).toBe(unit('+IP ERROR: Network not opened') + ERROR);
    expect(console.type('AT+NETOPEN\r')).toBe(OK);
    expect(console.wait(0)).toBe(unit('+NETOPEN: 0'));
    expect(console.type('AT+NETOPEN?\r')).toBe(unit('+NETOPEN: 1') + OK);
    expect(console.type('AT+IPADDR\r')).toBe(unit('+IPADDR: 10.0.0.2') + OK);
  });

  test('is opened once', () => {
    expect(openOnline().type('AT+NETOPEN\r')).toBe(unit('+IP ERROR: Network is already opened') + ERROR);
  });

  test('closes behind OK, its links first; closing it again is refused', () => {
    const console = openOnline();
    console.outside.serve('a', 1).subscribe();
    console.type('AT+CIPOPEN=4,"TCP","a",1\r');
    expect(console.type('AT+NETCLOSE\r')).toBe(OK + unit('+CIPCLOSE: 4,0') + unit('+NETCLOSE: 0'));
    expect(console.type('AT+NETCLOSE\r')).toBe(unit('+NETCLOSE: 2') + ERROR);
  });

  test('keeps contexts over a restart', () => {
    const console = open();
    expect(console.type('AT+CGDCONT=1,"IP","CMNET"\r')).toBe(OK);
    console.module.control.restart();
    expect(console.type('ATE0\r')).toContain('OK');
    expect(console.type('AT+CGDCONT?\r')).toBe(unit('+CGDCONT: 1,"IP","CMNET","0.0.0.0",0,0,,,,') + OK);
  });

  test('the loss of the bearer closes everything without a word about the links (Q-30)', () => {
    const console = openOnline();
    console.outside.serve('a', 1).subscribe();
    console.type('AT+CIPOPEN=4,"TCP","a",1\r');
    console.module.control.loseBearer();
    expect(console.type('')).toBe(
      unit('+CGEV: NW PDN DEACT 1') + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    );
    expect(console.type('AT+NETOPEN?;+CIPCLOSE?\r')).toBe(
      unit('+NETOPEN: 0') + unit('+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0') + OK,
    );
  });
});

/** A remote server at a:1 and the connection of link 1 to it. */
function connected(console: Console): Connection {
  let far: Connection | undefined;
  console.outside.serve('a', 1).subscribe((connection) => {
    far = connection;
  });
  console.type('AT+CIPOPEN=1,"TCP","a",1\r');
  if (far === undefined) throw new Error('Nothing was connected.');
  return far;
}

const say = (to: Connection, text: string) => to.write(bytesOf(text)).subscribe({ error: () => {} });

describe('links (protocol 9.3)', () => {
  test('the note, 3.2.2: opening, sending, closing', () => {
    const console = openOnline();
    let far: Connection | undefined;
    console.outside.serve('117.131.85.139', 5253).subscribe((connection) => (far = connection));
    expect(console.type('AT+CIPOPEN=1,"TCP","117.131.85.139",5253\r')).toBe(OK + unit('+CIPOPEN: 1,0'));
    const peer = received(far as Connection);
    expect(console.type('AT+CIPSEND=1,5\r')).toBe('\r\n>');
    expect(console.type('hello')).toBe(OK + unit('+CIPSEND: 1,5,5'));
    expect(peer.text).toBe('hello');
    expect(console.type('AT+CIPOPEN?\r')).toBe(
      `${unit(
        '+CIPOPEN: 0',
        '+CIPOPEN: 1,"TCP","117.131.85.139",5253,-1',
        ...[2, 3, 4, 5, 6, 7, 8, 9].map((link) => `+CIPOPEN: ${link}`),
      )}${OK}`,
    );
    expect(console.type('AT+CIPCLOSE?\r')).toBe(unit('+CIPCLOSE: 0,1,0,0,0,0,0,0,0,0') + OK);
    expect(console.type('AT+CIPCLOSE=1\r')).toBe(OK + unit('+CIPCLOSE: 1,0'));
    expect(peer.end).toBe('complete');
    expect(console.type('AT+CIPCLOSE=1\r')).toBe(unit('+CIPCLOSE: 1,4') + ERROR);
  });

  test('refusals of an opening', () => {
    const closed = open();
    expect(closed.type('AT+CIPOPEN=1,"TCP","a",1\r')).toBe(unit('+CIPOPEN: 1,2') + ERROR);
    const console = openOnline();
    connected(console);
    expect(console.type('AT+CIPOPEN=1,"TCP","a",1\r')).toBe(unit('+CIPOPEN: 1,4') + ERROR);
    expect(console.type('AT+CIPOPEN=2,"TCP","a"\r')).toBe(unit('+CIPOPEN: 2,3') + ERROR);
    expect(console.type('AT+CIPOPEN=10,"TCP","a",1\r')).toBe(unit('+IP ERROR: Invalid parameter') + ERROR);
    expect(console.type('AT+CIPOPEN=2,"TCP","10.0.0.1",1\r')).toBe(OK + unit('+CIPOPEN: 2,1'));
  });

  test('refusals of a send come instead of the prompt', () => {
    expect(open().type('AT+CIPSEND=1,5\r')).toBe(unit('+CIPERROR: 2') + ERROR);
    const console = openOnline();
    expect(console.type('AT+CIPSEND=1,5\r')).toBe(unit('+CIPERROR: 3') + ERROR);
    connected(console);
    expect(console.type('AT+CIPSEND=1,0\r')).toBe(unit('+CIPERROR: 3') + ERROR);
    expect(console.type('AT+CIPSEND=1,1501\r')).toBe(unit('+CIPERROR: 3') + ERROR);
  });

  test('payload is taken by count, whatever is in it, and what follows is the next command', () => {
    const console = openOnline();
    const peer = received(connected(console));
    console.type('AT+CIPSEND=1,9\r');
    expect(console.type('AT\r\x1a\x1b\r\n>\0AT+CSQ\r')).toBe(
      OK + unit('+CIPSEND: 1,9,9') + unit('+CSQ: 23,0') + OK,
    );
    expect(peer.text).toBe('AT\r\x1a\x1b\r\n>\0');
  });

  test('with echo on the payload comes back too (Q-26)', () => {
    const console = openOnline();
    connected(console);
    console.type('ATE1\r');
    expect(console.type('AT+CIPSEND=1,2\r')).toBe('AT+CIPSEND=1,2\r\r\n>');
    expect(console.type('\r\n')).toBe(`\r\n${OK}${unit('+CIPSEND: 1,2,2')}`);
  });

  test('a peer that does not read: a part is taken, then nothing', () => {
    const console = openOnline({ profile: { ...a76xx, sendBuffer: 2_000 } });
    const far = connected(console);
    const send = () => {
      console.type('AT+CIPSEND=1,1500\r');
      return console.type(new Uint8Array(1_500));
    };
    expect(send()).toBe(OK + unit('+CIPSEND: 1,1500,1500'));
    expect(send()).toBe(OK + unit('+CIPSEND: 1,1500,500'));
    expect(send()).toBe(OK + unit('+CIPSEND: 1,1500,0'));
    expect(received(far).text).toHaveLength(2_000);
    expect(send()).toBe(OK + unit('+CIPSEND: 1,1500,1500'));
  });

  test('the link dies between the prompt and the end of the payload', () => {
    const console = openOnline();
    const far = connected(console);
    console.type('AT+CIPSEND=1,5\r');
    far.reset();
    expect(console.type('')).toBe(unit('+IPCLOSE: 1,1'));
    expect(console.type('hello')).toBe(OK + unit('+CIPSEND: 1,5,-1'));
  });
});

describe('receiving (protocol 9.4)', () => {
  test('the note, 3.2.2: notification, counts, reads as bytes and as hexadecimal', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'data from server');
    expect(console.type('')).toBe(unit('+CIPRXGET: 1,1'));
    expect(console.type('AT+CIPRXGET=4,1\r')).toBe(unit('+CIPRXGET: 4,1,16') + OK);
    expect(console.type('AT+CIPRXGET=2,1,5\r')).toBe(unit('+CIPRXGET: 2,1,5,11', 'data ') + OK);
    expect(console.type('AT+CIPRXGET=3,1,5\r')).toBe(unit('+CIPRXGET: 3,1,5,6', '66726F6D20') + OK);
    expect(console.type('AT+CIPRXGET=4,1\r')).toBe(unit('+CIPRXGET: 4,1,6') + OK);
    expect(console.type('AT+CIPRXGET=2,2\r')).toBe(unit('+IP ERROR: No data') + ERROR);
    expect(console.type('AT+CIPRXGET=2,1\r')).toBe(unit('+CIPRXGET: 2,1,6,0', 'server') + OK);
    expect(console.type('AT+CIPRXGET=4,1\r')).toBe(unit('+CIPRXGET: 4,1,0') + OK);
  });

  test('one notification until the buffer was read empty', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'a');
    say(far, 'b');
    expect(console.type('')).toBe(unit('+CIPRXGET: 1,1'));
    console.type('AT+CIPRXGET=2,1\r');
    say(far, 'c');
    expect(console.type('')).toBe(unit('+CIPRXGET: 1,1'));
  });

  test('the note, 3.2.1: direct push, at most 1500 bytes in a unit', () => {
    const console = openOnline();
    console.type('AT+CIPRXGET=0\r');
    const far = connected(console);
    say(far, 'data from server');
    expect(console.type('')).toBe('\r\nRECV FROM:10.1.0.1:1\r\n+IPD16\r\ndata from server');
    say(far, 'x'.repeat(1_600));
    expect(console.type('')).toBe(
      `\r\nRECV FROM:10.1.0.1:1\r\n+IPD1500\r\n${'x'.repeat(1_500)}\r\nRECV FROM:10.1.0.1:1\r\n+IPD100\r\n${'x'.repeat(100)}`,
    );
  });

  test('going back to push gives out what is buffered', () => {
    const console = openOnline();
    say(connected(console), 'kept');
    console.type('');
    expect(console.type('AT+CIPRXGET=0\r')).toBe(`${OK}\r\nRECV FROM:10.1.0.1:1\r\n+IPD4\r\nkept`);
  });

  test('a full buffer closes the window: the peer waits, nothing is lost', () => {
    const console = openOnline({ profile: { ...a76xx, receiveBuffer: 1_000 } });
    const far = connected(console);
    let taken = 0;
    for (let piece = 0; piece < 10; piece++) {
      far.write(bytesOf('x'.repeat(300))).subscribe({ complete: () => (taken += 1) });
    }
    expect(taken).toBe(4);
    let read = 0;
    let answer: string;
    do {
      answer = console.type('AT+CIPRXGET=2,1\r');
      read += Number(/\+CIPRXGET: 2,1,(\d+)/.exec(answer)?.[1] ?? 0);
    } while (answer.includes('OK'));
    expect([taken, read]).toEqual([10, 3_000]);
  });

  test.each([
    ['when drained', ['+CIPRXGET: 1,1', '+IPCLOSE: 1,1']],
    ['at once', ['+IPCLOSE: 1,1', '+CIPRXGET: 2,1,4,0']],
  ] as const)('a peer that closes is noticed %s', (noticesClose, order) => {
    const console = openOnline({ profile: { ...a76xx, noticesClose } });
    const far = connected(console);
    say(far, 'last');
    far.close().subscribe();
    let printed = console.type('') + console.wait(100);
    printed += console.type('AT+CIPRXGET=2,1\r') + console.wait(100);
    expect(printed).toContain('last');
    const places = order.map((text) => printed.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe('servers (protocol 9.5)', () => {
  test('the note, 3.4.2: starting, accepting, stopping', async () => {
    const console = openOnline();
    expect(console.type('AT+SERVERSTART=8080, 0\r')).toBe(OK);
    expect(console.type('AT+SERVERSTART=9090,1\r')).toBe(OK);
    expect(console.type('AT+SERVERSTART?\r')).toBe(unit('+SERVERSTART: 0,8080', '+SERVERSTART: 1,9090') + OK);
    const client = await firstValueFrom(console.outside.callIn(9090));
    expect(console.type('')).toBe(unit('+CLIENT: 0,1,10.0.0.1:50000'));
    expect(console.type('AT+CIPOPEN?\r')).toContain('+CIPOPEN: 0,"TCP","10.0.0.1",50000,1\r\n');
    expect(console.type('AT+SERVERSTOP=1\r')).toBe(unit('+SERVERSTOP: 1,9') + ERROR);
    client.close().subscribe();
    expect(console.wait(1_000)).toBe(unit('+IPCLOSE: 0,1'));
    expect(console.type('AT+SERVERSTOP=1\r')).toBe(OK + unit('+SERVERSTOP: 1,0'));
    expect(console.type('AT+SERVERSTOP=1\r')).toBe(unit('+SERVERSTOP: 1,4') + ERROR);
  });

  test('refusals', () => {
    expect(open().type('AT+SERVERSTART=7,0\r')).toBe(unit('+CIPERROR: 2') + ERROR);
    const console = openOnline();
    console.type('AT+SERVERSTART=7,0\r');
    expect(console.type('AT+SERVERSTART=8,0\r')).toBe(unit('+CIPERROR: 7') + ERROR);
    expect(console.type('AT+SERVERSTART=7,1\r')).toBe(unit('+CIPERROR: 6') + ERROR);
    expect(console.type('AT+SERVERSTART=8,4\r')).toBe(unit('+CIPERROR: 3') + ERROR);
    expect(console.type('AT+SERVERSTART=8,1,4\r')).toBe(unit('+CIPERROR: 3') + ERROR);
  });

  test('a full pool keeps the next connections in the backlog and resets the others', async () => {
    const console = openOnline();
    console.type('AT+SERVERSTART=7,0,2\r');
    const clients: Connection[] = [];
    for (let count = 0; count < 13; count++) clients.push(await firstValueFrom(console.outside.callIn(7)));
    const ends = clients.map(received);
    expect(console.type('').match(/\+CLIENT/g)).toHaveLength(10);
    expect(ends.map(({ end }) => end)).toEqual([...Array(12).fill('open'), 'error']);
    expect(console.type('AT+CIPCLOSE=6\r')).toMatch(/\+CIPCLOSE: 6,0\r\n\r\n\+CLIENT: 6,0,/);
  });
});

describe('power', () => {
  test('a restart prints its lines and forgets what was set and open', () => {
    const console = openOnline();
    const peer = received(connected(console));
    console.module.control.restart();
    expect(console.type('')).toBe(
      ['*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE']
        .map((line) => unit(line))
        .join(''),
    );
    expect(peer.end).toBe('error');
    expect(console.type('AT+CIPRXGET?;+NETOPEN?\r')).toBe(
      `AT+CIPRXGET?;+NETOPEN?\r${unit('+CIPRXGET: 0')}${unit('+NETOPEN: 0')}${OK}`,
    );
  });

  test('closing the port switches the module off', () => {
    const console = openOnline();
    const peer = received(connected(console));
    console.close();
    expect(peer.end).toBe('error');
    expect(console.module.control.openLinks).toBe(0);
  });
});

test('a behaviour of its own replaces the one of the same name', () => {
  const console = open({ behaviours: [{ command: '+CSQ', execute: () => ok('+CSQ: 31,0') }] });
  expect(console.type('AT+CSQ\r')).toBe(unit('+CSQ: 31,0') + OK);
});

import { describe, expect, test } from 'vitest';
import {
  type Console,
  caller,
  connected,
  ERROR,
  hangUp,
  now,
  OK,
  observe,
  open,
  openOnline,
  received,
  say,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { note100 } from '../profiles/note-1.00.js';
import { turnaround } from '../timing.js';

function listening(options: Parameters<typeof openOnline>[0] = {}, parameters = '7,0'): Console {
  const console = openOnline(options);
  expect(console.at(`+SERVERSTART=${parameters}`)).toBe(OK);
  return console;
}

describe('protocol 9.5 servers', () => {
  test('SERVERSTART needs an open network: else +CIPERROR: 2, ERROR', () => {
    const console = open();
    expect(console.at('+SERVERSTART=7,0')).toBe(unit('+CIPERROR: 2') + ERROR);
    expect(console.at('+SERVERSTART?')).toBe(unit('+CIPERROR: 2') + ERROR);
  });

  test('index busy: +CIPERROR: 7, ERROR; port busy: 6; bad value: 3', () => {
    const console = listening();
    expect(console.at('+SERVERSTART=8,0')).toBe(unit('+CIPERROR: 7') + ERROR);
    expect(console.at('+SERVERSTART=7,1')).toBe(unit('+CIPERROR: 6') + ERROR);
    for (const parameters of ['8', '8,4', '65536,1', '8,1,0', '8,1,4', '8,1,3,1', 'x,1']) {
      expect(console.at(`+SERVERSTART=${parameters}`)).toBe(unit('+CIPERROR: 3') + ERROR);
    }
  });

  test('the listing: index and port of each, just OK when none is running', () => {
    const console = openOnline();
    expect(console.at('+SERVERSTART?')).toBe(OK);
    console.at('+SERVERSTART=9090, 1');
    console.at('+SERVERSTART=8080, 0, 2');
    expect(console.at('+SERVERSTART?')).toBe(unit('+SERVERSTART: 0,8080', '+SERVERSTART: 1,9090') + OK);
  });

  test('accept: takes the lowest free link and sends +CLIENT: n,i,ip:port', () => {
    const console = listening({}, '7,2');
    connected(console, 0);
    const clients = [caller(console, 7), caller(console, 7)];
    expect(console.printed()).toBe(unit('+CLIENT: 1,2,10.0.0.1:50000') + unit('+CLIENT: 2,2,10.0.0.1:50001'));
    hangUp(clients[0] as (typeof clients)[0]);
    console.wait(1_000);
    caller(console, 7);
    expect(console.printed()).toBe(unit('+CLIENT: 1,2,10.0.0.1:50002'));
  });

  test('link pool full: no URC; connections wait in the backlog (1-3), then are refused', () => {
    const console = listening({}, '7,0,2');
    const clients = Array.from({ length: 13 }, () => received(caller(console, 7)));
    expect(console.printed().match(/\+CLIENT/g)).toHaveLength(10);
    expect(clients.map(({ end }) => end)).toEqual([...Array(12).fill('open'), 'error']);
    expect(console.at('+CIPCLOSE=6')).toBe(OK + unit('+CIPCLOSE: 6,0') + unit('+CLIENT: 6,0,10.0.0.1:50010'));
    expect(console.at('+CIPCLOSE=2')).toContain('+CLIENT: 2,0,10.0.0.1:50011');
    expect(console.at('+CIPCLOSE=3')).not.toContain('+CLIENT');
  });

  test('accepted link shows index i in CIPOPEN? (or 1: option, Q-15), 1 in CIPCLOSE?, and is used like a client link', () => {
    const listed = (profile: typeof a76xx) => {
      const console = listening({ profile }, '7,2');
      const client = caller(console, 7);
      console.printed();
      return { console, client, listing: console.at('+CIPOPEN?') };
    };
    const { console, client, listing } = listed(a76xx);
    expect(listing).toContain('\r\n+CIPOPEN: 0,"TCP","10.0.0.1",50000,2\r\n');
    expect(listed(note100).listing).toContain('\r\n+CIPOPEN: 0,"TCP","10.0.0.1",50000,1\r\n');
    expect(console.at('+CIPCLOSE?')).toBe(unit('+CIPCLOSE: 1,0,0,0,0,0,0,0,0,0') + OK);
    const peer = received(client);
    console.at('+CIPSEND=0,5');
    expect(console.type('hello')).toBe(OK + unit('+CIPSEND: 0,5,5'));
    say(client, 'hi');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,0'));
    expect(console.at('+CIPRXGET=2,0')).toBe(unit('+CIPRXGET: 2,0,2,0', 'hi') + OK);
    expect(console.at('+CIPCLOSE=0')).toBe(OK + unit('+CIPCLOSE: 0,0'));
    expect([peer.text, peer.end]).toEqual(['hello', 'complete']);
  });

  test('accepted links take fixed-length sends only (option)', () => {
    const console = listening({ profile: note100 });
    caller(console, 7);
    console.printed();
    expect(console.at('+CIPSEND=0')).toBe(unit('+CIPERROR: 4') + ERROR);
    expect(console.at('+CIPSEND=0,5')).toBe('\r\n>');
    const free = listening();
    caller(free, 7);
    free.printed();
    expect(free.at('+CIPSEND=0')).toBe('\r\n>');
  });

  test('accepted links take no CIPSENDSTR', () => {
    const console = listening();
    caller(console, 7);
    console.printed();
    expect(console.at('+CIPSENDSTR=0,"00"')).toBe(unit('+CIPERROR: 4') + ERROR);
  });

  test('client leaves: +IPCLOSE: n,1, server keeps listening, next client gets a new +CLIENT', () => {
    const console = listening();
    for (let turn = 0; turn < 3; turn++) {
      const client = caller(console, 7);
      expect(console.printed()).toBe(unit(`+CLIENT: 0,0,10.0.0.1:${50_000 + turn}`));
      hangUp(client);
      expect(console.wait(100)).toBe(unit('+IPCLOSE: 0,1'));
    }
  });

  test('SERVERSTOP with clients: +SERVERSTOP: i,9, ERROR; the seed drops them and succeeds (option)', () => {
    const console = listening();
    caller(console, 7);
    console.printed();
    expect(console.at('+SERVERSTOP=0')).toBe(unit('+SERVERSTOP: 0,9') + ERROR);
    const note = listening({ profile: note100 });
    const client = received(caller(note, 7));
    note.printed();
    expect(note.at('+SERVERSTOP=0')).toBe(unit('+SERVERSTOP: 0,0') + OK);
    expect(client.end).toBe('complete');
    expect(note.module.control.openLinks).toBe(0);
  });

  test('SERVERSTOP of a stopped index: +SERVERSTOP: i,4, ERROR; without an index 0 is meant; bad value: 3', () => {
    const console = listening();
    expect(console.at('+SERVERSTOP=1')).toBe(unit('+SERVERSTOP: 1,4') + ERROR);
    expect(console.at('+SERVERSTOP')).toBe(OK + unit('+SERVERSTOP: 0,0'));
    expect(console.at('+SERVERSTOP=4')).toBe(unit('+SERVERSTOP: 4,3') + ERROR);
    expect(console.at('+SERVERSTART=7,0')).toBe(OK);
  });

  test('success order: (result, OK) / (OK, result) (option, Q-7)', () => {
    expect(listening().at('+SERVERSTOP=0')).toBe(OK + unit('+SERVERSTOP: 0,0'));
    expect(listening({ profile: note100 }).at('+SERVERSTOP=0')).toBe(unit('+SERVERSTOP: 0,0') + OK);
  });

  test('stopping resets who waits in the backlog', () => {
    const console = listening();
    for (let count = 0; count < 10; count++) caller(console, 7);
    const waiting = received(caller(console, 7));
    console.module.control.loseBearer();
    expect(waiting.end).toBe('error');
  });

  test('transparent server: +CLIENT: 0,0,... then CONNECT 115200; a second client waits', () => {
    const console = open();
    console.at('+CIPMODE=1');
    console.at('+NETOPEN');
    console.wait(10);
    console.at('+SERVERSTART=8080,0');
    const first = caller(console, 8080);
    expect(console.printed()).toBe(unit('+CLIENT: 0,0,10.0.0.1:50000') + unit('CONNECT 115200'));
    const second = received(caller(console, 8080));
    expect(console.printed()).toBe('');
    say(first, 'raw');
    expect(console.printed()).toBe('raw');
    hangUp(first);
    expect(console.wait(100)).toBe(
      unit('CLOSED') + unit('+CLIENT: 0,0,10.0.0.1:50001') + unit('CONNECT 115200'),
    );
    expect(second.end).toBe('open');
  });
});

describe('a client of a transparent server calls while a command is carried out', () => {
  const transparent = (answersAfter = 5) => {
    const console = open({ timing: turnaround(answersAfter) });
    for (const command of ['E0', '+CIPMODE=1', '+NETOPEN', '+SERVERSTART=7,0']) {
      console.at(command);
      console.wait(10_000);
    }
    return console;
  };
  const client = { host: '10.0.0.1', port: 50_000 };

  test('data mode begins after the result: no answer stands in the data', () => {
    const console = transparent();
    console.at('+NETOPEN?');
    const near = now(console.module.control.callIn(7, client));
    say(near, 'hello');
    expect(console.printed()).toBe('');
    expect(console.wait(1_000)).toBe(
      `${unit('+NETOPEN: 1')}${OK}${unit('+CLIENT: 0,0,10.0.0.1:50000')}${unit('CONNECT 115200')}hello`,
    );
  });

  test('one that hangs up before it is announced brings what it has sent', () => {
    const console = transparent();
    console.at('+NETOPEN?');
    const near = now(console.module.control.callIn(7, client));
    say(near, 'hello');
    hangUp(near);
    expect(console.wait(1_000)).toBe(
      `${unit('+NETOPEN: 1')}${OK}${unit('+CLIENT: 0,0,10.0.0.1:50000')}${unit('CONNECT 115200')}hello${unit('CLOSED')}`,
    );
  });

  test('one that has gone for long is never announced, and the next one is announced once', () => {
    const console = transparent(5_000);
    console.at('+NETOPEN?');
    hangUp(now(console.module.control.callIn(7, client)));
    console.wait(4_000);
    now(console.module.control.callIn(7, { ...client, port: 50_001 }));
    expect(console.wait(1_000)).toBe(
      unit('+NETOPEN: 1') + OK + unit('+CLIENT: 0,0,10.0.0.1:50001') + unit('CONNECT 115200'),
    );
  });

  test('a command that is given up without a result does not keep it waiting', () => {
    const console = transparent();
    console.module.control.faults.next('stuckPrompt');
    console.at('+CMGS="1"');
    now(console.module.control.callIn(7, client));
    expect(console.wait(1_000)).toContain(unit('CONNECT 115200'));
  });

  test('a restart forgets it', () => {
    const console = transparent();
    console.at('+NETOPEN?');
    const near = observe(now(console.module.control.callIn(7, client)).received$);
    console.module.control.restart();
    expect(near.end).not.toBe('open');
    expect(console.wait(60_000)).not.toContain('+CLIENT');
  });
});

describe('callIn of the control handle', () => {
  test('connects to a server whatever network there is', () => {
    const console = listening();
    const clients: ReturnType<typeof received>[] = [];
    console.module.control.callIn(7, { host: '192.168.108.5', port: 57202 }).subscribe((client) => {
      clients.push(received(client));
      say(client, 'hi');
    });
    expect(console.printed()).toBe(unit('+CLIENT: 0,0,192.168.108.5:57202') + unit('+CIPRXGET: 1,0'));
    console.at('+CIPCLOSE=0');
    expect(clients[0]?.end).toBe('complete');
  });

  test('is refused where no server listens', () => {
    const refused: string[] = [];
    openOnline()
      .module.control.callIn(7)
      .subscribe({ error: ({ failure }) => refused.push(failure) });
    expect(refused).toEqual(['refused']);
  });
});

import { describe, expect, test } from 'vitest';
import {
  bound,
  bytesOf,
  type ConsoleOptions,
  connected,
  ERROR,
  linkOf,
  now,
  OK,
  observe,
  open,
  openOnline,
  say,
  textOf,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { sim7600 } from '../profiles/sim7600.js';

/** Direct push mode, with a connected link. */
function pushing(profile = a76xx, options: ConsoleOptions = {}) {
  const console = openOnline({ profile, ...options });
  console.at('+CIPRXGET=0');
  const far = connected(console);
  const pushed = (text: string) => {
    say(far, text);
    return console.printed();
  };
  return { console, far, pushed };
}

describe('protocol 9.4 receive', () => {
  test('mode 0: per arrival (up to 1500 bytes) one unit RECV FROM, +IPD<len>, data', () => {
    const { pushed } = pushing();
    expect(pushed('data from server')).toBe('\r\nRECV FROM:10.0.9.9:5253\r\n+IPD16\r\ndata from server');
    expect(pushed('x'.repeat(1_600))).toBe(
      `\r\nRECV FROM:10.0.9.9:5253\r\n+IPD1500\r\n${'x'.repeat(1_500)}` +
        `\r\nRECV FROM:10.0.9.9:5253\r\n+IPD100\r\n${'x'.repeat(100)}`,
    );
  });

  test('mode 0: what a host asks while a unit is printed is answered after it', () => {
    const { console, far } = pushing(a76xx, { whenClosed: 'goes on' });
    console.close();
    const port = now(console.module);
    let heard = '';
    port.received$.subscribe((bytes) => {
      if (heard === '') observe(port.write(bytesOf('AT\r')));
      heard += textOf(bytes);
    });
    say(far, 'ab');
    expect(heard).toBe(`\r\nRECV FROM:10.0.9.9:5253\r\n+IPD2\r\nab${OK}`);
  });

  test('mode 0: lines governed by CIPSRIP, CIPHEAD and HeaderType', () => {
    const { console, pushed } = pushing();
    console.at('+CIPSRIP=0');
    expect(pushed('ab')).toBe('\r\n+IPD2\r\nab');
    console.at('+CIPHEAD=0');
    expect(pushed('ab')).toBe('ab');
    console.at('+CIPSRIP');
    expect(pushed('ab')).toBe('\r\nRECV FROM:10.0.9.9:5253\r\nab');
    console.at('+CIPHEAD');
    console.at('+CIPCCFG=,,,,1');
    expect(pushed('ab')).toBe('\r\nRECV FROM:10.0.9.9:5253\r\n+RECEIVE,1,2\r\nab');
    console.at('+CIPSRIP=0');
    expect(pushed('ab')).toBe('\r\n+RECEIVE,1,2\r\nab');
  });

  test('mode 0: the texts differ between firmwares (options, Q-1 to Q-3)', () => {
    const { pushed } = pushing({
      ...a76xx,
      pushFrom: '+RECV FROM:{host}:{port}',
      pushLength: '+IPD({length})',
    });
    expect(pushed('ab')).toBe('\r\n+RECV FROM:10.0.9.9:5253\r\n+IPD(2)\r\nab');
    const old = pushing({ ...a76xx, pushLink: '+RECEIVE,{link},{length}:' });
    old.console.at('+CIPCCFG=,,,,1');
    old.console.at('+CIPSRIP=0');
    expect(old.pushed('ab')).toBe('\r\n+RECEIVE,1,2:\r\nab');
  });

  test('mode 0: CIPCCFG field 2 delays what comes, and brings it together', () => {
    const { console, pushed } = pushing();
    console.at('+CIPCCFG=,50');
    expect(pushed('ab') + console.wait(30) + pushed('cd')).toBe('');
    expect(console.wait(20)).toBe('\r\nRECV FROM:10.0.9.9:5253\r\n+IPD4\r\nabcd');
  });

  test('mode 0: what is delayed when the peer resets the connection is pushed before the close is reported', () => {
    const { console, far, pushed } = pushing();
    console.at('+CIPCCFG=,500');
    expect(pushed('last')).toBe('');
    far.reset();
    expect(console.wait(1_000)).toBe(`\r\nRECV FROM:10.0.9.9:5253\r\n+IPD4\r\nlast${unit('+IPCLOSE: 1,1')}`);
  });

  test('mode 0: each datagram is a unit, with its own sender', () => {
    const console = open();
    console.at('+NETOPEN');
    console.wait(10);
    const { say: send } = bound(console);
    send('one');
    send('two');
    expect(console.printed()).toBe(
      ['one', 'two'].map((text) => `\r\nRECV FROM:10.0.9.9:5254\r\n+IPD3\r\n${text}`).join(''),
    );
  });

  test('mode 1: +CIPRXGET: 1,n when the buffer goes from empty to non-empty, not repeated until it was read empty', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'a');
    say(far, 'b');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1'));
    console.at('+CIPRXGET=2,1');
    say(far, 'c');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1'));
  });

  test('mode 1: each arrival (option)', () => {
    const console = openOnline({ profile: { ...a76xx, notifies: 'each arrival' } });
    const far = connected(console);
    say(far, 'a');
    say(far, 'b');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1').repeat(2));
  });

  test('a partial read leaves no new URC by itself', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'abc');
    console.at('+CIPRXGET=2,1,1');
    expect(console.wait(60_000)).toBe('');
    say(far, 'd');
    expect(console.printed()).toBe('');
    expect(console.at('+CIPRXGET=4,1')).toBe(unit('+CIPRXGET: 4,1,3') + OK);
  });

  test('=2 with nothing: +IP ERROR: No data, ERROR, also for unopened links; or 2,n,0,0 and OK (option)', () => {
    const console = openOnline();
    connected(console);
    for (const link of [1, 2]) {
      expect(console.at(`+CIPRXGET=2,${link}`)).toBe(unit('+IP ERROR: No data') + ERROR);
      expect(console.at(`+CIPRXGET=3,${link}`)).toBe(unit('+IP ERROR: No data') + ERROR);
    }
    const empty = openOnline({ profile: { ...a76xx, emptyRead: 'empty' } });
    expect(empty.at('+CIPRXGET=2,1')).toBe(unit('+CIPRXGET: 2,1,0,0') + OK);
  });

  test('=4 on an unopened link: +CIPRXGET: 4,n,0, OK', () => {
    expect(open().at('+CIPRXGET=4,3')).toBe(unit('+CIPRXGET: 4,3,0') + OK);
  });

  test('=2,n,len gives min(len, buffered, 1500); rest is after the read', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'data from server');
    expect(console.at('+CIPRXGET=2,1,5')).toContain('+CIPRXGET: 2,1,5,11');
    expect(console.at('+CIPRXGET=2,1,5')).toContain('+CIPRXGET: 2,1,5,6');
    expect(console.at('+CIPRXGET=2,1,100')).toContain('+CIPRXGET: 2,1,6,0');
    say(far, 'x'.repeat(4_000));
    expect(console.at('+CIPRXGET=2,1')).toContain('+CIPRXGET: 2,1,1500,2500');
    expect(console.at('+CIPRXGET=3,1')).toContain('+CIPRXGET: 3,1,750,1750');
  });

  test('a bad link, length or mode: +IP ERROR: Invalid parameter, ERROR', () => {
    const console = openOnline();
    for (const parameters of ['2,10', '2,x', '2', '2,1,0', '2,1,1501', '3,1,751', '6,1', '4,1,1,1', '']) {
      expect(console.at(`+CIPRXGET=${parameters}`)).toBe(unit('+IP ERROR: Invalid parameter') + ERROR);
    }
  });

  test('trailing layout: one or two CRLF before OK (option)', () => {
    const read = (readEnd: 1 | 2) => {
      const console = openOnline({ profile: { ...a76xx, readEnd } });
      say(connected(console), '123456');
      console.printed();
      return console.at('+CIPRXGET=2,1');
    };
    expect(read(2)).toBe('\r\n+CIPRXGET: 2,1,6,0\r\n123456\r\n\r\nOK\r\n');
    expect(read(1)).toBe('\r\n+CIPRXGET: 2,1,6,0\r\n123456\r\nOK\r\n');
  });

  test('payload may hold anything, and is counted (Q-3e)', () => {
    const console = openOnline();
    const text = '\r\nOK\r\n\0>\r\n+IPCLOSE: 0,1\r\n';
    say(connected(console), text);
    console.printed();
    expect(console.at('+CIPRXGET=2,1')).toBe(`\r\n+CIPRXGET: 2,1,${text.length},0\r\n${text}\r\n${OK}`);
  });

  test('=3 hex is upper case, no spaces', () => {
    const console = openOnline();
    say(connected(console), 'from \xff\0');
    console.printed();
    expect(console.at('+CIPRXGET=3,1')).toBe(unit('+CIPRXGET: 3,1,7,0', '66726F6D20FF00') + OK);
  });

  test('switch 1 -> 0 dumps the buffers as push reports of at most 1500', () => {
    const console = openOnline();
    say(connected(console), 'x'.repeat(1_501));
    console.printed();
    expect(console.at('+CIPRXGET=0')).toBe(
      `${OK}\r\nRECV FROM:10.0.9.9:5253\r\n+IPD1500\r\n${'x'.repeat(1_500)}` +
        '\r\nRECV FROM:10.0.9.9:5253\r\n+IPD1\r\nx',
    );
  });

  test('UDP with udpRecvmode 0: datagrams run together; 1: one datagram per read', () => {
    const read = (mode: number) => {
      const console = open();
      console.at('+CIPRXGET=1');
      console.at(`+CIPCCFG=,,,,,,,${mode}`);
      console.at('+NETOPEN');
      console.wait(10);
      const { say: send } = bound(console);
      send('one');
      send('twelve');
      expect(console.printed()).toBe(unit('+CIPRXGET: 1,1'));
      return console.at('+CIPRXGET=2,1');
    };
    expect(read(0)).toBe(unit('+CIPRXGET: 2,1,9,0', 'onetwelve') + OK);
    expect(read(1)).toBe(unit('+CIPRXGET: 2,1,3,6', 'one') + OK);
  });

  test('errMode 0: +IP ERROR: 22 for No data; SIM7600 numbers it 21 (Q-19)', () => {
    const console = openOnline();
    console.at('+CIPCCFG=,,,0');
    expect(console.at('+CIPRXGET=2,1')).toBe(unit('+IP ERROR: 22') + ERROR);
    const sibling = openOnline({ profile: sim7600 });
    sibling.at('+CIPCCFG=,,,0');
    expect(sibling.at('+CIPRXGET=2,1')).toBe(unit('+IP ERROR: 21') + ERROR);
  });
});

describe('protocol 3.5 CIPRXGET', () => {
  test('the read form tells the mode; =5 adds the address to the notification', () => {
    const console = openOnline();
    expect(console.at('+CIPRXGET?')).toBe(unit('+CIPRXGET: 1') + OK);
    expect(console.at('+CIPRXGET=5')).toBe(OK);
    say(connected(console), 'x');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1') + unit('+CIPRXGETIP:10.0.9.9:5253'));
    console.at('+CIPRXGET=0');
    expect(console.at('+CIPRXGET?')).toBe(unit('+CIPRXGET: 0') + OK);
  });

  test('SIM7600 reads only after =1', () => {
    const console = openOnline({ profile: sim7600 });
    console.at('+CIPRXGET=0');
    for (const mode of [2, 3, 4]) {
      expect(console.at(`+CIPRXGET=${mode},1`)).toBe(unit('+IP ERROR: Operation not supported') + ERROR);
    }
  });

  test('=1 may be set after CIPOPEN', () => {
    const { console, far } = pushing();
    console.at('+CIPRXGET=1');
    say(far, 'x');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1'));
  });
});

describe('protocol 8 buffers', () => {
  test('a full TCP buffer closes the window: the peer waits, nothing is lost', () => {
    const console = openOnline({ profile: { ...a76xx, receiveBuffer: 1_000 } });
    const far = connected(console);
    const writes = Array.from({ length: 10 }, () => observe(far.write(new Uint8Array(300))));
    expect(writes.filter(({ end }) => end === 'complete')).toHaveLength(4);
    let read = 0;
    for (let answer = ''; !answer.includes('ERROR'); answer = console.at('+CIPRXGET=2,1')) {
      read += Number(/\+CIPRXGET: 2,1,(\d+)/.exec(answer)?.[1] ?? 0);
    }
    expect([read, writes.every(({ end }) => end === 'complete')]).toEqual([3_000, true]);
  });

  test('a datagram that fills the buffer exactly is kept, one that is a byte longer is not', () => {
    const console = openOnline({ profile: { ...a76xx, receiveBuffer: 1_000 } });
    const { say: send } = bound(console);
    send('a'.repeat(400));
    send('b'.repeat(601));
    expect(linkOf(console, 1)).toMatchObject({ unread: 400 });
    send('c'.repeat(600));
    expect(linkOf(console, 1)).toMatchObject({ unread: 1_000, received: 1_000 });
    send('d');
    expect(linkOf(console, 1)).toMatchObject({ unread: 1_000, received: 1_000 });
  });

  test('a full UDP buffer drops whole datagrams', () => {
    const console = openOnline({ profile: { ...a76xx, receiveBuffer: 1_000 } });
    const { say: send } = bound(console);
    for (const letter of 'abcde') send(letter.repeat(300));
    expect(linkOf(console, 1)).toMatchObject({ unread: 900, received: 900 });
  });

  test('a host that does not read leaves pushed data in the link, then with the peer; nothing is lost', () => {
    const { console, far } = pushing({ ...a76xx, receiveBuffer: 20_000 });
    console.pause();
    const writes = Array.from({ length: 100 }, () => observe(far.write(new Uint8Array(1_000))));
    const taken = writes.filter(({ end }) => end === 'complete').length;
    expect([taken, linkOf(console, 1).unread]).toEqual([24, 20_000]);
    console.resume();
    const printed = console.printed();
    const counts = [...printed.matchAll(/\+IPD(\d+)\r\n/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000);
    expect(Math.max(...counts)).toBe(1_500);
  });
});

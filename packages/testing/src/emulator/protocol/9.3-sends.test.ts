import { describe, expect, test } from 'vitest';
import {
  bound,
  bytesOf,
  connected,
  ERROR,
  OK,
  observe,
  open,
  openOnline,
  PEER,
  received,
  sendZeros,
  textOf,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';

describe('protocol 9.3 sends', () => {
  test('CIPSEND on a closed link: +CIPERROR: 4, ERROR, no >; never opened: 3 (option); net closed: 2', () => {
    expect(open().at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 2') + ERROR);
    const console = openOnline();
    expect(console.at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 3') + ERROR);
    connected(console);
    console.at('+CIPCLOSE=1');
    expect(console.at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 4') + ERROR);
    const four = openOnline({ profile: { ...a76xx, unopenedSend: 4 } });
    expect(four.at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 4') + ERROR);
  });

  test('a refused send whose payload was typed ahead yields a second ERROR (Freematics #121)', () => {
    expect(openOnline().type('AT+CIPSEND=1,5\rhello\r')).toBe(unit('+CIPERROR: 3') + ERROR + ERROR);
  });

  test('CIPSEND len 0 and > 1500: +CIPERROR: 3, ERROR', () => {
    const console = openOnline();
    connected(console);
    for (const length of ['0', '1501', 'x', '-1']) {
      expect(console.at(`+CIPSEND=1,${length}`)).toBe(unit('+CIPERROR: 3') + ERROR);
    }
    expect(sendZeros(console, 1, 1_500)).toBe(`\r\n>${OK}${unit('+CIPSEND: 1,1500,1500')}`);
  });

  test('data in fixed mode: exactly len bytes, any value; OK, +CIPSEND: n,len,len; what follows is the next command', () => {
    const console = openOnline();
    const peer = received(connected(console));
    expect(console.at('+CIPSEND=1,9,')).toBe('\r\n>');
    expect(console.type('AT\r\x1a\x1b\x03\n>\0\x1aAT+CSQ\r')).toBe(
      OK + unit('+CIPSEND: 1,9,9') + unit('+CSQ: 23,0') + OK,
    );
    expect(peer.text).toBe('AT\r\x1a\x1b\x03\n>\0');
  });

  test('payload without waiting for > works', () => {
    const console = openOnline();
    const peer = received(connected(console));
    expect(console.type('AT+CIPSEND=1,5\rhello')).toBe(`\r\n>${OK}${unit('+CIPSEND: 1,5,5')}`);
    expect(peer.text).toBe('hello');
  });

  test('variable mode: honours ETX escapes, SUB, and ESC -> ERROR (option OK)', () => {
    const console = openOnline();
    const peer = received(connected(console));
    for (const command of ['+CIPSEND=1', '+CIPSEND=1,']) {
      expect(console.at(command)).toBe('\r\n>');
      expect(console.type('a\x03\x1ab\x03\x1bc\x03\x03d\re')).toBe('');
      expect(console.type('\x1a')).toBe(OK + unit('+CIPSEND: 1,9,9'));
    }
    expect(peer.text).toBe('a\x1ab\x1bc\x03d\re'.repeat(2));
    console.at('+CIPSEND=1');
    expect(console.type('abc\x1b')).toBe(ERROR);
    const mild = openOnline({ profile: { ...a76xx, cancelledSend: 'OK' } });
    const silent = received(connected(mild));
    mild.at('+CIPSEND=1');
    expect(mild.type('abc\x1b')).toBe(OK);
    expect([peer.text.length, silent.text]).toEqual([18, '']);
  });

  test('variable mode over 1500 bytes: cut at 1500', () => {
    const console = openOnline();
    const peer = received(connected(console));
    console.at('+CIPSEND=1');
    expect(console.type(`${'x'.repeat(2_000)}\x1a`)).toBe(OK + unit('+CIPSEND: 1,1500,1500'));
    expect(peer.text).toHaveLength(1_500);
  });

  test('an entry that is never completed ends with ERROR after the time of a send (protocol 8, C)', () => {
    const console = openOnline();
    const peer = received(connected(console));
    console.at('+CIPTIMEOUT=,,5000');
    console.at('+CIPSEND=1,10');
    console.type('12345');
    expect(console.wait(4_999)).toBe('');
    expect(console.wait(1)).toBe(ERROR);
    expect(console.at('')).toBe(OK);
    expect(peer.text).toBe('');
  });

  test('link dies between > and the data end: OK, +CIPSEND: n,len,-1; or +CIPERROR: 4, ERROR (option); +IPCLOSE first', () => {
    const die = (profile: typeof a76xx) => {
      const console = openOnline({ profile });
      const far = connected(console);
      console.at('+CIPSEND=1,5');
      far.reset();
      expect(console.printed()).toBe(unit('+IPCLOSE: 1,1'));
      return console.type('hello');
    };
    expect(die(a76xx)).toBe(OK + unit('+CIPSEND: 1,5,-1'));
    expect(die({ ...a76xx, brokenSend: 'refusal' })).toBe(unit('+CIPERROR: 4') + ERROR);
  });

  test('peer window full: +CIPSEND: n,len,0, or a partial count (option, Q-20)', () => {
    const fill = (partialSends: boolean) => {
      const console = openOnline({ profile: { ...a76xx, sendBuffer: 2_000, partialSends } });
      const far = connected(console);
      const results = [1, 2, 3].map(() => sendZeros(console, 1, 1_500).split(unit('OK'))[1]);
      const total = received(far).text.length;
      return [
        results.map((text) => text?.trim()),
        total,
        sendZeros(console, 1, 1_500).trim().split('\r\n').at(-1),
      ];
    };
    expect(fill(true)).toEqual([
      ['+CIPSEND: 1,1500,1500', '+CIPSEND: 1,1500,500', '+CIPSEND: 1,1500,0'],
      2_000,
      '+CIPSEND: 1,1500,1500',
    ]);
    expect(fill(false)).toEqual([
      ['+CIPSEND: 1,1500,1500', '+CIPSEND: 1,1500,0', '+CIPSEND: 1,1500,0'],
      1_500,
      '+CIPSEND: 1,1500,1500',
    ]);
  });

  describe('SENDMODE=1: +CIPSEND is held until acknowledged; OK at once', () => {
    const waiting = () => {
      const console = openOnline();
      const far = connected(console);
      console.at('+CIPSENDMODE=1');
      expect(sendZeros(console, 1, 5)).toBe(`\r\n>${OK}`);
      return { console, far };
    };

    test('acknowledged', () => {
      const { console, far } = waiting();
      expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
      received(far);
      expect(console.printed()).toBe(unit('+CIPSEND: 1,5,5'));
    });

    test('a second send meanwhile is refused with 8 (busy)', () => {
      expect(waiting().console.at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 8') + ERROR);
    });

    test('the peer breaks off', () => {
      const { console, far } = waiting();
      far.reset();
      expect(console.printed()).toBe(unit('+CIPSEND: 1,5,-1') + unit('+IPCLOSE: 1,1'));
    });

    test('the peer does not acknowledge: -1 and +IPCLOSE: n,2 after the time of a send', () => {
      const { console } = waiting();
      expect(console.wait(119_999)).toBe('');
      expect(console.wait(1)).toBe(unit('+CIPSEND: 1,5,-1') + unit('+IPCLOSE: 1,2'));
    });

    test('the link is closed meanwhile: no result, and none for the next connection', () => {
      const { console } = waiting();
      expect(console.at('+CIPCLOSE=1')).toBe(OK + unit('+CIPCLOSE: 1,0'));
      connected(console);
      expect(console.wait(200_000)).toBe('');
    });
  });

  test('payload echo: with echo on (and DATAECHO ON) the bytes come back before OK (Q-26)', () => {
    const console = openOnline();
    connected(console);
    console.at('E1');
    expect(console.at('+CIPSEND=1,2')).toBe('AT+CIPSEND=1,2\r\r\n>');
    expect(console.type('\r\n')).toBe(`\r\n${OK}${unit('+CIPSEND: 1,2,2')}`);
    console.at('+CIPSEND=1');
    expect(console.type('ab\x1a')).toBe(`ab\x1a${OK}${unit('+CIPSEND: 1,2,2')}`);
    console.at('+CIPCFG="DATAECHO",OFF');
    console.at('+CIPSEND=1,2');
    expect(console.type('xy')).toBe(OK + unit('+CIPSEND: 1,2,2'));
  });
});

describe('protocol 3.4 UDP sends', () => {
  test('each send is a datagram, to the address that it names or to the peer of the link', () => {
    const console = openOnline();
    const { heard: datagrams } = bound(console);
    const to = `"${PEER.host}",5254`;
    expect(console.at(`+CIPSEND=1,5,${to}`) + console.type('HELLO')).toBe(
      `\r\n>${OK}${unit('+CIPSEND: 1,5,5')}`,
    );
    expect(console.at(`+CIPSEND=1,,${to}`) + console.type('WORLD!\x1a')).toBe(
      `\r\n>${OK}${unit('+CIPSEND: 1,6,6')}`,
    );
    bound(openOnline(), 2);
    console.at(`+CIPOPEN=3,"UDP",${to},5001`);
    console.at('+CIPSEND=3,2');
    console.type('me');
    expect(datagrams.values.map(({ bytes, from }) => [textOf(bytes), from.port])).toEqual([
      ['HELLO', 5000],
      ['WORLD!', 5000],
      ['me', 5001],
    ]);
  });

  test('an address that is missing, incomplete, or given for TCP: +CIPERROR: 3', () => {
    const console = openOnline();
    bound(console);
    connected(console, 2);
    for (const parameters of [
      '1,5',
      '1,5,"10.0.0.1"',
      '1,5,,80',
      '2,5,"10.0.0.1",80',
      '1,5,"10.0.0.1",80,9',
    ]) {
      expect(console.at(`+CIPSEND=${parameters}`)).toBe(unit('+CIPERROR: 3') + ERROR);
    }
  });
});

describe('protocol 3.4 CIPSENDSTR', () => {
  test('sends what is written in hexadecimal', () => {
    const console = openOnline();
    const peer = received(connected(console));
    expect(console.at('+CIPSENDSTR=1,"48656c6C6F"')).toBe(OK + unit('+CIPSENDSTR: 1,5'));
    expect(peer.text).toBe('Hello');
    for (const bad of ['"4"', '"xy"', '""', `"${'00'.repeat(251)}"`]) {
      expect(console.at(`+CIPSENDSTR=1,${bad}`)).toBe(unit('+CIPERROR: 3') + ERROR);
    }
  });
});

test('what the host sends reaches the peer once and in order, what the peer sends reaches the host', () => {
  const console = openOnline();
  const far = connected(console);
  const peer = received(far);
  for (const text of ['one', 'two', 'three']) {
    console.at(`+CIPSEND=1,${text.length}`);
    console.type(text);
    observe(far.write(bytesOf(text)));
  }
  expect(peer.text).toBe('onetwothree');
  expect(console.at('+CIPRXGET=2,1')).toContain('onetwothree');
});

import { describe, expect, test } from 'vitest';
import {
  bound,
  connected,
  ERROR,
  hangUp,
  heard,
  linkOf,
  OK,
  observe,
  open,
  openOnline,
  PEER,
  received,
  say,
  sendZeros,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { note100 } from '../profiles/note-1.00.js';

describe('protocol 9.3 links', () => {
  test('CIPOPEN before NETOPEN: +CIPOPEN: n,2, ERROR', () => {
    expect(open().at('+CIPOPEN=1,"TCP","10.0.0.1",1')).toBe(unit('+CIPOPEN: 1,2') + ERROR);
  });

  test('link in use: +CIPOPEN: n,4, ERROR (Q-18)', () => {
    const console = openOnline();
    connected(console);
    expect(console.at('+CIPOPEN=1,"TCP","10.0.0.1",1')).toBe(unit('+CIPOPEN: 1,4') + ERROR);
  });

  test('link > 9: +IP ERROR: Invalid parameter, ERROR', () => {
    const console = openOnline();
    const refused = unit('+IP ERROR: Invalid parameter') + ERROR;
    expect(console.at('+CIPOPEN=10,"TCP","10.0.0.1",1')).toBe(refused);
    expect(console.at('+CIPCLOSE=10')).toBe(refused);
    console.at('+CIPCCFG=,,,0');
    expect(console.at('+CIPOPEN=10,"TCP","10.0.0.1",1')).toBe(unit('+IP ERROR: 12') + ERROR);
  });

  test('missing or bad parameter, UDP peer without local port: +CIPOPEN: n,3, ERROR', () => {
    const console = openOnline();
    for (const parameters of [
      '2',
      '2,"TCP"',
      '2,"TCP","10.0.0.1"',
      '2,"TCP","10.0.0.1",0',
      '2,"TCP","10.0.0.1",65536',
      '2,"TCP","10.0.0.1",1,x',
      '2,"TCP",,1',
      '2,"SCTP","10.0.0.1",1',
      '2,"TCP","10.0.0.1",1,2,3',
      '2,"UDP"',
      '2,"UDP","10.0.0.1",1',
      '2,"UDP","10.0.0.1",,5000',
      '2,"UDP",,1,5000',
    ]) {
      expect(console.at(`+CIPOPEN=${parameters}`)).toBe(unit('+CIPOPEN: 2,3') + ERROR);
    }
    const lax = openOnline({ profile: { ...a76xx, udpNeedsLocalPort: false } });
    expect(lax.at('+CIPOPEN=2,"UDP","10.0.0.1",1')).toBe(unit('+CIPOPEN: 2,0') + OK);
  });

  test('connect ok: OK, delay, +CIPOPEN: n,0', () => {
    const console = openOnline();
    console.outside.host(PEER.host).conditions.latency = 20;
    observe(console.outside.serve(PEER.host, 1));
    expect(console.at(`+CIPOPEN=1,"TCP","${PEER.host}",1`)).toBe(OK);
    expect(linkOf(console, 1).state).toBe('opening');
    expect(console.at('+CIPCLOSE?')).toBe(unit('+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0') + OK);
    expect(console.wait(39)).toBe('');
    expect(console.wait(1)).toBe(unit('+CIPOPEN: 1,0'));
    expect(console.at('+CIPCLOSE?')).toBe(unit('+CIPCLOSE: 0,1,0,0,0,0,0,0,0,0') + OK);
  });

  test('refused, unreachable, time-out, DNS: OK, delay, +CIPOPEN: n,1 / 1 / 10 / 11', () => {
    const console = openOnline();
    const attempt = (host: string) => console.at(`+CIPOPEN=1,"TCP","${host}",9`) + console.wait(60_000);
    expect(attempt('10.0.0.1')).toBe(OK + unit('+CIPOPEN: 1,1'));
    expect(attempt('10.77.77.77')).toBe(OK + unit('+CIPOPEN: 1,1'));
    expect(attempt('nobody.example')).toBe(OK + unit('+CIPOPEN: 1,11'));
    console.outside.host(PEER.host).conditions.closedPorts = 'drop';
    expect(attempt(PEER.host)).toBe(OK + unit('+CIPOPEN: 1,10'));
    console.at('+CIPTIMEOUT=,3000');
    console.at(`+CIPOPEN=1,"TCP","${PEER.host}",9`);
    expect(console.wait(2_999)).toBe('');
    expect(console.wait(1)).toBe(unit('+CIPOPEN: 1,10'));
    expect(linkOf(console, 1).state).toBe('free');
  });

  test('commands while a connect is pending: others work, the same link: err 4', () => {
    const console = openOnline();
    console.outside.host(PEER.host).conditions.closedPorts = 'drop';
    console.at(`+CIPOPEN=1,"TCP","${PEER.host}",9`);
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
    expect(console.at(`+CIPOPEN=1,"TCP","${PEER.host}",9`)).toBe(unit('+CIPOPEN: 1,4') + ERROR);
    expect(console.at('+CIPSEND=1,5')).toBe(unit('+CIPERROR: 4') + ERROR);
    connected(console, 2);
  });

  test('UDP open: +CIPOPEN: n,0, OK; listing shows "0.0.0.0",0,-1 or the peer (option, Q-6, Q-14)', () => {
    const console = openOnline();
    expect(console.at('+CIPOPEN=5,"UDP","10.0.0.1",9,4000')).toBe(unit('+CIPOPEN: 5,0') + OK);
    expect(console.at('+CIPOPEN?')).toContain('+CIPOPEN: 5,"UDP","0.0.0.0",0,-1\r\n');
    const note = openOnline({ profile: note100 });
    note.at('+CIPOPEN=5,"UDP","10.0.0.1",9,4000');
    expect(note.at('+CIPOPEN?')).toContain('+CIPOPEN: 5,"UDP","10.0.0.1",9,-1\r\n');
    note.at('+CIPOPEN=6,"UDP",,,4001');
    expect(note.at('+CIPOPEN?')).toContain('+CIPOPEN: 6,"UDP","0.0.0.0",0,-1\r\n');
  });

  test('UDP SERVER is a type of the newer manuals only (Q-17)', () => {
    const console = openOnline();
    expect(console.at('+CIPOPEN=?')).toBe(unit('+CIPOPEN: (0-9),("TCP","UDP","UDP SERVER")') + OK);
    expect(console.at('+CIPOPEN=5,"UDP SERVER",,,4000')).toBe(unit('+CIPOPEN: 5,0') + OK);
    const note = openOnline({ profile: note100 });
    expect(note.at('+CIPOPEN=?')).toBe(unit('+CIPOPEN: (0-9),("TCP","UDP")') + OK);
    expect(note.at('+CIPOPEN=5,"UDP SERVER",,,4000')).toBe(unit('+CIPOPEN: 5,3') + ERROR);
  });

  test('same local UDP port twice: err 6 (bind failed)', () => {
    const console = openOnline();
    console.at('+CIPOPEN=1,"UDP",,,5000');
    expect(console.at('+CIPOPEN=2,"UDP",,,5000')).toBe(unit('+CIPOPEN: 2,6') + ERROR);
    console.at('+CIPCLOSE=1');
    expect(console.at('+CIPOPEN=2,"UDP",,,5000')).toBe(unit('+CIPOPEN: 2,0') + OK);
  });

  test('a local TCP port is used, and used once', () => {
    const console = openOnline();
    const accepted = observe(console.outside.serve(PEER.host, 1));
    console.at(`+CIPOPEN=1,"TCP","${PEER.host}",1,1234`);
    expect(accepted.values[0]?.remote.port).toBe(1234);
    expect(console.at(`+CIPOPEN=2,"TCP","${PEER.host}",1,1234`)).toBe(OK + unit('+CIPOPEN: 2,6'));
  });

  test('CIPMODE=1 and n > 0: +CIPOPEN: n,4, ERROR per V1.09; usable in command mode per the seed (option, Q-24a)', () => {
    const transparent = (profile: typeof a76xx) => {
      const console = open({ profile });
      console.at('+CIPMODE=1');
      console.at('+NETOPEN');
      console.wait(10);
      return console;
    };
    const refusing = transparent(a76xx);
    expect(refusing.at('+CIPOPEN=1,"UDP",,,5000')).toBe(unit('+CIPOPEN: 1,4') + ERROR);
    expect(refusing.at('+SERVERSTART=7,1')).toBe(unit('+CIPERROR: 4') + ERROR);
    const working = transparent(note100);
    expect(working.at('+CIPOPEN=1,"UDP",,,5000')).toBe(unit('+CIPOPEN: 1,0') + OK);
    expect(working.at('+SERVERSTART=7,1')).toBe(OK);
  });

  test('peer closes TCP: +IPCLOSE: n,1 once; link state 0; buffered data stays readable until drained or reused (option)', () => {
    const play = (keepsUnread: boolean) => {
      const console = openOnline({ profile: { ...a76xx, noticesClose: 'at once', keepsUnread } });
      const far = connected(console);
      say(far, 'last words');
      hangUp(far);
      expect(console.wait(100)).toBe(unit('+CIPRXGET: 1,1') + unit('+IPCLOSE: 1,1'));
      expect(console.at('+CIPCLOSE?')).toBe(unit('+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0') + OK);
      return console;
    };
    const console = play(true);
    expect(console.at('+CIPRXGET=2,1,4')).toBe(unit('+CIPRXGET: 2,1,4,6', 'last') + OK);
    connected(console);
    expect(console.at('+CIPRXGET=4,1')).toBe(unit('+CIPRXGET: 4,1,0') + OK);
    expect(play(false).at('+CIPRXGET=2,1')).toBe(unit('+IP ERROR: No data') + ERROR);
  });

  test('order of data URC and close: +CIPRXGET: 1,n before +IPCLOSE: n,1, which waits until all is read (option)', () => {
    const console = openOnline();
    const far = connected(console);
    say(far, 'last words');
    hangUp(far);
    expect(console.wait(10_000)).toBe(unit('+CIPRXGET: 1,1'));
    console.at('+CIPRXGET=2,1');
    expect(console.wait(100)).toBe(unit('+IPCLOSE: 1,1'));
  });

  test('link number after +IPCLOSE: free at once; CIPCLOSE=n then gives n,4 + ERROR', () => {
    const console = openOnline();
    hangUp(connected(console));
    console.wait(100);
    expect(console.at('+CIPCLOSE=1')).toBe(unit('+CIPCLOSE: 1,4') + ERROR);
    connected(console);
  });

  test('a reset is a close by the peer, at once', () => {
    const console = openOnline();
    connected(console).reset();
    expect(console.printed()).toBe(unit('+IPCLOSE: 1,1'));
  });

  test('a peer that answers nothing any more: +IPCLOSE: n,2', () => {
    const console = openOnline();
    connected(console);
    console.outside.host(PEER.host).vanish();
    expect(sendZeros(console, 1, 3)).toBe(`\r\n>${OK}${unit('+CIPSEND: 1,3,3')}`);
    expect(console.wait(31_499)).toBe('');
    expect(console.wait(1)).toBe(unit('+IPCLOSE: 1,2'));
  });

  test('AT+CTCPKA notices it without sending', () => {
    const console = openOnline();
    console.at('+CTCPKA=1,1,3,1');
    connected(console);
    console.outside.host(PEER.host).vanish();
    expect(console.wait(4 * 60_000)).toBe(unit('+IPCLOSE: 1,2'));
  });

  test('CIPCLOSE twice: the second is +CIPCLOSE: n,4, ERROR (Q-33)', () => {
    const console = openOnline();
    const peer = received(connected(console));
    expect(console.at('+CIPCLOSE=1')).toBe(OK + unit('+CIPCLOSE: 1,0'));
    expect(console.at('+CIPCLOSE=1')).toBe(unit('+CIPCLOSE: 1,4') + ERROR);
    expect(open().at('+CIPCLOSE=1')).toBe(unit('+CIPCLOSE: 1,2') + ERROR);
    expect(console.wait(1_000)).toBe('');
    expect(peer.end).toBe('complete');
  });

  test('UDP close: +CIPCLOSE: n,0, OK; or the other way round (option, Q-4)', () => {
    const close = (profile: typeof a76xx, mode: number) => {
      const console = openOnline({ profile });
      console.at(`+CIPRXGET=${mode}`);
      bound(console);
      return console.at('+CIPCLOSE=1');
    };
    const resultFirst = unit('+CIPCLOSE: 1,0') + OK;
    const okFirst = OK + unit('+CIPCLOSE: 1,0');
    expect([close(a76xx, 0), close(a76xx, 1)]).toEqual([resultFirst, resultFirst]);
    expect(close({ ...a76xx, udpClose: 'OK first' }, 0)).toBe(okFirst);
    expect([close(note100, 0), close(note100, 1)]).toEqual([resultFirst, okFirst]);
  });

  test('a close lets what was sent before go out', () => {
    const console = openOnline();
    const far = connected(console);
    sendZeros(console, 1, 1_000);
    console.at('+CIPCLOSE=1');
    expect(heard(far)).toMatchObject({ end: 'complete' });
    expect(received(far).end).toBe('complete');
  });
});

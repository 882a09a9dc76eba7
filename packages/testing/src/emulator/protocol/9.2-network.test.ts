import { describe, expect, test } from 'vitest';
import {
  bound,
  type Console,
  connected,
  ERROR,
  OK,
  open,
  openOnline,
  openTransparent,
  received,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { note100 } from '../profiles/note-1.00.js';
import { sim7600 } from '../profiles/sim7600.js';
import { instant } from '../timing.js';

const closeAll = (console: Console) => console.at('+NETCLOSE') + console.wait(10);

describe('protocol 9.2 network state', () => {
  test('NETOPEN when closed: OK, delay, +NETOPEN: 0', () => {
    const console = open({ timing: { ...instant, netOpen: 4 } });
    expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 0') + OK);
    expect(console.at('+NETOPEN')).toBe(OK);
    expect(console.wait(3.9)).toBe('');
    expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 0') + OK);
    expect(console.wait(0.1)).toBe(unit('+NETOPEN: 0'));
    expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 1') + OK);
  });

  test('NETOPEN when open: +IP ERROR and ERROR, as a number if errMode is 0', () => {
    const console = openOnline();
    expect(console.at('+NETOPEN')).toBe(unit('+IP ERROR: Network is already opened') + ERROR);
    console.at('+CIPCCFG=,,,0');
    expect(console.at('+NETOPEN')).toBe(unit('+IP ERROR: 4') + ERROR);
  });

  test('NETOPEN while an open is running: the same as when open', () => {
    const console = open({ timing: { ...instant, netOpen: 4 } });
    console.at('+NETOPEN');
    expect(console.at('+NETOPEN')).toBe(unit('+IP ERROR: Network is already opened') + ERROR);
    expect(console.wait(4)).toBe(unit('+NETOPEN: 0'));
  });

  test('without times of its own, the network is open when OK of NETOPEN is printed', () => {
    const console = open();
    const far: unknown[] = [];
    console.outside.serve('10.0.9.9', 1).subscribe((connection) => far.push(connection));
    const printed = console.type('AT+NETOPEN\rAT+CIPOPEN=0,"TCP","10.0.9.9",1\r');
    expect(printed).toBe(OK + unit('+NETOPEN: 0') + OK + unit('+CIPOPEN: 0,0'));
    expect(far.length).toBe(1);
  });

  test('NETOPEN for IPv6 where the network has none: +NETOPEN: 1', () => {
    const console = open();
    console.at('+CSOCKSETPN=1,6');
    expect(console.at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 1'));
  });

  test('NETOPEN without registration or bearer: OK and +NETOPEN: 1, or a bare ERROR (option)', () => {
    for (const surroundings of [{ registration: 2 }, { bearer: false }, { sim: 'SIM PIN' }]) {
      const console = open({ surroundings });
      expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 1'));
      expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 0') + OK);
      expect(open({ surroundings, profile: sim7600 }).at('+NETOPEN')).toBe(ERROR);
    }
  });

  test('NETOPEN that takes longer than AT+CIPTIMEOUT: +NETOPEN: 10', () => {
    const console = open({ timing: { ...instant, netOpen: 5_000 } });
    console.at('+CIPTIMEOUT=3000');
    console.at('+NETOPEN');
    expect(console.wait(3_000)).toBe(unit('+NETOPEN: 10'));
    expect(console.module.control.networkOpen).toBe(false);
  });

  test('NETOPEN=1 of SIM767XX: ERROR, or taken (option, Q-24)', () => {
    expect(open().at('+NETOPEN=1')).toBe(ERROR);
    const console = open({ profile: { ...a76xx, takesContextNumber: true } });
    expect(console.at('+NETOPEN=1') + console.wait(0)).toBe(OK + unit('+NETOPEN: 0'));
    expect(console.at('+NETCLOSE=1') + console.wait(0)).toBe(OK + unit('+NETCLOSE: 0'));
  });

  test('NETCLOSE when closed: +NETCLOSE: 2, ERROR', () => {
    expect(open().at('+NETCLOSE')).toBe(unit('+NETCLOSE: 2') + ERROR);
  });

  describe('NETCLOSE with sockets: the orders of 3.2, then +NETCLOSE: 0', () => {
    test('none', () => {
      expect(closeAll(openOnline())).toBe(OK + unit('+NETCLOSE: 0'));
    });

    test('TCP links', () => {
      const console = openOnline();
      const ends = [4, 7].map((link) => received(connected(console, link)));
      expect(closeAll(console)).toBe(
        OK + unit('+CIPCLOSE: 4,0') + unit('+CIPCLOSE: 7,0') + unit('+NETCLOSE: 0'),
      );
      expect(ends.map(({ end }) => end)).toEqual(['complete', 'complete']);
    });

    test('a UDP link', () => {
      const console = openOnline();
      bound(console, 2);
      expect(closeAll(console)).toBe(unit('+CIPCLOSE: 2,0') + OK + unit('+NETCLOSE: 0'));
    });

    test('a transparent TCP link', () => {
      const console = openTransparent();
      console.wait(1_000);
      console.type('+++');
      console.wait(1_000);
      expect(closeAll(console)).toBe(OK + unit('CLOSED') + unit('+CIPCLOSE: 0,0') + unit('+NETCLOSE: 0'));
    });

    test('servers end, too', () => {
      const console = openOnline();
      console.at('+SERVERSTART=7,0');
      closeAll(console);
      expect(console.module.control.openServers).toBe(0);
      console.at('+NETOPEN');
      console.wait(0);
      expect(console.at('+SERVERSTART=7,0')).toBe(OK);
    });
  });

  test('IPADDR when closed: +IP ERROR: Network not opened, ERROR; or as the seed has it (option, Q-5)', () => {
    expect(open().at('+IPADDR')).toBe(unit('+IP ERROR: Network not opened') + ERROR);
    expect(open({ profile: note100 }).at('+IPADDR')).toBe(unit('+IPADDR: Network not opened') + ERROR);
    const console = open();
    console.at('+CIPCCFG=,,,0');
    expect(console.at('+IPADDR')).toBe(unit('+IP ERROR: 8') + ERROR);
    expect(openOnline().at('+IPADDR')).toBe(unit('+IPADDR: 10.0.0.2') + OK);
  });

  test('bearer loss: +CGEV, then +CIPEVENT; all links closed silently; NETOPEN? 0 (Q-30)', () => {
    const console = openOnline();
    const peer = received(connected(console, 4));
    console.at('+SERVERSTART=7,0');
    console.printed();
    console.module.control.loseBearer();
    expect(console.printed()).toBe(
      unit('+CGEV: NW PDN DEACT 1') + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    );
    expect(console.at('+NETOPEN?;+CIPCLOSE?')).toBe(
      unit('+NETOPEN: 0') + unit('+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0') + OK,
    );
    expect(console.at('+NETCLOSE')).toBe(unit('+NETCLOSE: 2') + ERROR);
    expect(console.at('+CIPSEND=4,1')).toBe(unit('+CIPERROR: 2') + ERROR);
    expect(peer.end).toBe('error');
  });

  test('bearer loss while nothing is open: +CGEV alone; while it opens: +NETOPEN: 1', () => {
    const console = open({ timing: { ...instant, netOpen: 4 } });
    console.module.control.loseBearer();
    expect(console.printed()).toBe(unit('+CGEV: NW PDN DEACT 1'));
    console.at('+NETOPEN');
    console.module.control.loseBearer();
    expect(console.wait(10)).toBe(unit('+CGEV: NW PDN DEACT 1') + unit('+NETOPEN: 1'));
  });

  test('a bearer that is away for a time cannot be opened until it is back', () => {
    const console = openOnline();
    console.module.control.loseBearer(5_000);
    expect(console.module.control.state.bearer).toBe(false);
    console.printed();
    expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 1'));
    expect(console.wait(5_000)).toBe(unit('+CGEV: EPS PDN ACT 1'));
    expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 0'));
  });

  test('module reset: 0x00 (option), start-up units of section 6, echo on, all state default', () => {
    const console = openOnline({ profile: { ...a76xx, startsWithNul: true } });
    const peer = received(connected(console));
    console.printed();
    console.module.control.restart();
    expect(console.printed()).toBe(
      `\0${['*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE'].map((line) => unit(line)).join('')}`,
    );
    expect(peer.end).toBe('error');
    expect(console.at('+CIPRXGET?;+NETOPEN?')).toBe(
      `AT+CIPRXGET?;+NETOPEN?\r${unit('+CIPRXGET: 0')}${unit('+NETOPEN: 0')}${OK}`,
    );
    console.at('E0');
    expect(console.at('+CIPOPEN=0,"TCP","10.0.0.1",1')).toBe(unit('+CIPOPEN: 0,2') + ERROR);
    expect(console.at('+NETCLOSE')).toBe(unit('+NETCLOSE: 2') + ERROR);
  });

  test('CIPMODE and CIPCCFG field 8 while open: accepted, without effect until the next NETOPEN; CSOCKSETPN: ERROR', () => {
    const console = openOnline();
    expect(console.at('+CSOCKSETPN=1,6')).toBe(ERROR);
    expect(console.at('+CIPMODE=1')).toBe(OK);
    connected(console, 0);
    expect(console.module.control.state.mode).toBe('command');
    expect(console.at('+CIPCCFG=,,,,,,,1')).toBe(OK);
    const { say } = bound(console, 2);
    say('ab');
    say('cd');
    console.printed();
    expect(console.at('+CIPRXGET=2,2')).toBe(unit('+CIPRXGET: 2,2,4,0', 'abcd') + OK);
    closeAll(console);
    expect(console.at('+CSOCKSETPN=1,6')).toBe(OK);
  });
});

import { describe, expect, test } from 'vitest';
import {
  bound,
  caller,
  connected,
  heard,
  OK,
  observe,
  open,
  openOnline,
  openTransparent,
  say,
  unit,
} from '../../../test/console.js';

const faults = { outage: 5_000, pause: 10 } as const;

describe('what goes away without a word', () => {
  test('silentRestart: the module has forgotten everything, and no line says so', () => {
    const console = openOnline({ faults });
    connected(console);
    console.module.control.faults.next('silentRestart');
    console.at('');
    expect(console.wait(20_000)).toBe('');
    expect(console.module.control.state).toMatchObject({ power: 'on', network: 'closed', registration: 1 });
    expect(console.at('E0').endsWith(OK)).toBe(true);
  });

  test('restart({ silently }) in data mode: what the host writes next are commands', () => {
    const console = openTransparent();
    console.module.control.restart({ silently: true });
    expect(console.wait(20_000)).toBe('');
    expect(console.type('AT\r')).toContain('OK');
  });

  test('the next restart is heard again', () => {
    const console = open();
    console.module.control.restart({ silently: true });
    console.wait(1);
    console.module.control.restart();
    expect(console.wait(10_000)).toContain('*ATREADY: 1');
  });

  test('silentDeath: off until it is switched on', () => {
    const console = openOnline({ faults });
    console.module.control.faults.next('silentDeath');
    console.at('');
    console.wait(10);
    expect(console.at('') + console.wait(60_000) + console.at('')).toBe('');
    console.module.control.powerOn();
    expect(console.printed()).toContain('*ATREADY: 1');
  });

  test('silentNetworkLoss: network, links and servers are gone', () => {
    const console = openOnline({ faults });
    const far = heard(connected(console));
    console.at('+SERVERSTART=80,0');
    console.module.control.faults.next('silentNetworkLoss', { skip: 1 });
    console.at('');
    expect(console.wait(60_000)).toBe('');
    expect(console.module.control.state).toMatchObject({ power: 'on', network: 'closed', servers: [] });
    expect([console.module.control.openLinks, far.end]).toEqual([0, 'error']);
    expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 0') + OK);
  });

  test('loseNetwork in data mode: no CLOSED, and reports are printed again', () => {
    const { far, ...console } = openTransparent();
    console.module.control.loseNetwork();
    expect(console.printed()).toBe('');
    console.module.control.report('+CPIN: READY');
    expect(console.printed()).toBe(unit('+CPIN: READY'));
    expect(heard(far).end).toBe('error');
  });

  test('stalledBearer: streams wait, datagrams are lost, connects and names get no answer', () => {
    const console = openOnline();
    const far = connected(console);
    const peer = heard(far);
    const datagrams = bound(console, 2, '"10.0.9.9",5254,5000');
    const { control } = console.module;
    control.stallBearer();
    console.at('+CIPSEND=1,2');
    expect(console.type('ab')).toContain('+CIPSEND: 1,2,2');
    say(far, 'cd');
    console.at('+CIPSEND=2,2');
    console.type('xy');
    datagrams.say('zz');
    console.wait(10_000);
    expect([peer.text, datagrams.heard.values.length]).toEqual(['', 0]);
    expect(console.at('+CIPACK=1')).toBe(unit('+CIPACK: 2,0,0') + OK);
    expect(console.at('+CIPRXGET=4,2')).toContain('4,2,0');
    observe(console.outside.serve('10.0.9.9', 99));
    console.at('+CIPTIMEOUT=,3000');
    expect(console.at('+CIPOPEN=3,"TCP","10.0.9.9",99') + console.wait(3_000)).toBe(
      OK + unit('+CIPOPEN: 3,10'),
    );
    expect(control.state.registration).toBe(1);
    control.releaseBearer();
    expect(peer.text).toBe('ab');
    expect(console.wait(10)).toContain('+CIPRXGET: 1,1');
    expect(console.at('+CIPACK=1')).toBe(unit('+CIPACK: 2,2,2') + OK);
    expect(datagrams.heard.values.length).toBe(0);
  });

  test('a stalled bearer ends by itself after its time, and clients that called meanwhile are told then', () => {
    const console = openOnline();
    console.at('+SERVERSTART=80,0');
    console.module.control.stallBearer(5_000);
    const client = caller(console, 80);
    say(client, 'hi');
    expect(console.wait(4_999)).toBe('');
    expect(console.wait(1)).toContain('+CLIENT: 0,0');
    console.wait(10);
    expect(console.at('+CIPRXGET=2,0')).toContain('hi');
  });

  test('restartLoop: every few seconds, until it ends', () => {
    const console = open({ faults: { ...faults, outage: 60_000 } });
    console.module.control.faults.next('restartLoop');
    console.at('');
    const starts = (ms: number) => console.wait(ms).split('*ATREADY').length - 1;
    expect(starts(60_000)).toBeGreaterThan(6);
    starts(20_000);
    expect(starts(60_000)).toBe(0);
  });

  test('restartRepeatedly: ends with its disposer', () => {
    const console = open();
    const end = console.module.control.restartRepeatedly([1_000, 1_000]);
    expect(console.wait(3_500).split('*ATREADY').length - 1).toBe(4);
    end();
    expect(console.wait(60_000)).not.toContain('*ATREADY');
  });

  test('changedSetting: another program has changed a setting', () => {
    const console = openOnline({ faults: { ...faults, otherCommands: ['AT+CIPRXGET=0'] } });
    console.module.control.faults.next('changedSetting');
    console.at('');
    expect(console.wait(10)).toBe('');
    expect(console.at('+CIPRXGET?')).toBe(unit('+CIPRXGET: 0') + OK);
  });

  test('otherProgram: its answers are not heard here, and its echo is its own', () => {
    const console = openOnline();
    console.module.control.otherProgram('ATE0;+CMEE=0');
    console.module.control.otherProgram('AT+CGSN');
    expect(console.printed()).toBe('');
    expect(console.at('+CMEE?')).toBe(unit('+CMEE: 0') + OK);
    console.module.control.otherProgram('AT+CATR=3');
    console.module.control.loseBearer();
    expect(console.printed()).toBe('');
  });

  test('portLoss: the port is gone, and comes back under another name; the module went on', () => {
    const console = openOnline({ faults, whenClosed: 'goes on', path: '/dev/ttyUSB2' });
    const { control } = console.module;
    control.faults.next('portLoss');
    console.at('');
    console.wait(10);
    expect(control.path).toBeUndefined();
    expect(observe(console.module).end).toEqual({ error: 'PORT_NOT_FOUND' });
    console.wait(5_000);
    expect(control.path).toBe('/dev/ttyUSB3');
    console.reopen();
    expect(console.at('+NETOPEN?')).toBe(unit('+NETOPEN: 1') + OK);
    control.losePort();
    control.plug('/dev/ttyACM0');
    expect(control.path).toBe('/dev/ttyACM0');
  });
});

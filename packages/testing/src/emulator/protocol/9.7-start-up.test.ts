import { describe, expect, test } from 'vitest';
import { connected, OK, open, unit } from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { sim7600 } from '../profiles/sim7600.js';
import { instant, recorded, turnaround } from '../timing.js';

/** A module that is just switched on and takes the time that real ones take. */
const starting = (options: Parameters<typeof open>[0] = {}) =>
  open({ start: 'starting', timing: recorded, echo: true, ...options });

describe('protocol 9.7 start-up', () => {
  test('silence for a settable time, what the host sends is dropped, then section 6 units', () => {
    const console = starting();
    for (let second = 0; second < 8; second++) expect(console.type('AT\r') + console.wait(999.9)).toBe('');
    console.wait(0.8);
    expect(console.printed()).toBe('');
    const lines: [number, string][] = [];
    for (let at = 0; at <= 9_000; at += 500) {
      for (const line of console.wait(500).split('\r\n').filter(Boolean)) lines.push([at, line]);
    }
    expect(lines).toEqual([
      [0, '*ATREADY: 1'],
      [500, '+CPIN: READY'],
      [4_500, 'SMS DONE'],
      [4_500, '+CGEV: EPS PDN ACT 1'],
      [7_500, 'PB DONE'],
    ]);
    expect(console.at('') + console.wait(3)).toBe(`AT\r${OK}`);
  });

  test('options: NUL, ISIMAID, order of PB/SMS DONE, no SMS DONE', () => {
    const profile = {
      ...a76xx,
      startsWithNul: true,
      startLines: [...a76xx.startLines, { at: 0, text: '*ISIMAID: "A0000000871004F310FFFF89080000FF"' }],
      simLines: [{ at: 0, text: 'PB DONE' }],
    };
    const console = open({ start: 'starting', profile, echo: true });
    expect(console.printed()).toBe(
      `\0${unit('*ATREADY: 1')}${unit('*ISIMAID: "A0000000871004F310FFFF89080000FF"')}${unit('+CPIN: READY')}${unit('PB DONE')}`,
    );
  });

  test('no SIM: a line instead of +CPIN, and no DONE lines', () => {
    const surroundings = { sim: { cme: 10 } };
    const console = open({ start: 'starting', surroundings, echo: true });
    expect(console.printed()).toBe(unit('*ATREADY: 1') + unit('+CME ERROR: SIM not inserted'));
    const sibling = open({ start: 'starting', surroundings, profile: sim7600, echo: true });
    expect(sibling.printed()).toBe(unit('RDY') + unit('+SIMCARD: NOT AVAILABLE'));
    sibling.at('E0');
    expect(sibling.at('+CPIN?')).toBe(unit('+CME ERROR: SIM not inserted'));
    expect(sibling.at('+CREG?')).toBe(unit('+CREG: 0,0') + OK);
  });

  test('URCs inside a command', () => {
    const console = starting();
    console.wait(8_000);
    console.type('ATE0\r');
    console.wait(10);
    console.type('AT+CSQ\r');
    expect(console.wait(0)).toBe('');
    console.module.control.report('SMS DONE');
    expect(console.wait(3)).toBe(unit('SMS DONE') + unit('+CSQ: 23,0') + OK);
  });

  test('CPIN? in the gap gives +CME ERROR 14 (SIM busy) or 13 (SIM failure)', () => {
    for (const [profile, answer] of [
      [a76xx, 'SIM busy'],
      [sim7600, 'SIM failure'],
    ] as const) {
      const console = starting({ profile });
      console.wait(8_000);
      console.type('ATE0\r');
      console.wait(10);
      console.type('AT+CPIN?\r');
      expect(console.wait(10)).toBe(unit(`+CME ERROR: ${answer}`));
      console.wait(1_000);
      console.type('AT+CPIN?\r');
      expect(console.wait(10)).toBe(unit('+CPIN: READY') + OK);
    }
  });

  test('registration takes its time, and is reported where that is asked for', () => {
    const console = starting();
    console.wait(8_000);
    console.type('ATE0;+CREG=1;+CEREG=2\r');
    console.wait(900);
    console.type('AT+CREG?\r');
    expect(console.wait(10)).toBe(unit('+CREG: 1,0') + OK);
    expect(console.wait(200)).toBe(unit('+CPIN: READY') + unit('+CREG: 2') + unit('+CEREG: 2'));
    expect(console.wait(1_900)).toBe(unit('+CREG: 1') + unit('+CEREG: 1,"230A","0A75E4B3"'));
  });

  test('a SIM that needs a PIN is told, and started with once it has it', () => {
    const console = open({ start: 'starting', surroundings: { sim: 'SIM PIN' }, echo: true });
    expect(console.printed()).toBe(unit('*ATREADY: 1') + unit('+CPIN: SIM PIN'));
    console.at('E0');
    expect(console.at('+CPIN="1234"')).toBe(
      ['OK', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE']
        .map((line) => unit(line))
        .join(''),
    );
  });
});

describe('starting, stopping and opening the port', () => {
  test('a port that is opened later finds the module running: nothing is printed', () => {
    const console = open({ echo: true });
    expect(console.printed()).toBe('');
    expect(console.at('')).toBe(`AT\r${OK}`);
  });

  test('closing the port switches the module off', () => {
    const console = open();
    console.close();
    expect(console.module.control.state).toMatchObject({ power: 'off', network: 'closed' });
    console.reopen();
    expect(console.at('')).toBe(`AT\r${OK}`);
  });

  test('a module that goes on is found as it was left: network open, links held, echo off (dirty start)', () => {
    const console = open({ whenClosed: 'goes on' });
    console.at('+NETOPEN');
    console.wait(0);
    connected(console, 3);
    console.close();
    console.wait(60_000);
    console.reopen();
    expect(console.at('+NETOPEN?;+CIPCLOSE?')).toBe(
      unit('+NETOPEN: 1') + unit('+CIPCLOSE: 0,0,0,1,0,0,0,0,0,0') + OK,
    );
  });

  test('what it prints while the port is closed is lost', () => {
    const console = open({ whenClosed: 'goes on' });
    console.close();
    console.module.control.report('RING');
    console.reopen();
    expect(console.printed()).toBe('');
  });

  test('AT+CRESET and AT+CFUN=1,1 restart after a silence', () => {
    for (const command of ['+CRESET', '+CFUN=1,1', '+CFUN=6']) {
      const console = open({ timing: { ...recorded, answer: () => 0 } });
      expect(console.at(command)).toBe(OK);
      console.wait(7_900);
      expect(console.printed()).toBe('');
      expect(console.wait(2_200)).toContain('*ATREADY: 1');
      expect(console.module.control.state.settings.echo).toBe(true);
    }
  });

  test('the power key: off stays off without it, on with it, off when it is held', () => {
    const console = open({ start: 'off', profile: a76xx });
    const { control } = console.module;
    expect(console.at('') + console.wait(60_000)).toBe('');
    control.pressPowerKey();
    expect([control.state.power, console.printed().includes('*ATREADY: 1')]).toEqual(['on', true]);
    control.pressPowerKey(500);
    expect(control.state.power).toBe('on');
    control.pressPowerKey();
    expect([control.state.power, console.printed()]).toEqual(['off', unit('NORMAL POWER DOWN')]);
    expect(console.at('')).toBe('');
    control.pressPowerKey(500);
    expect(control.state.power).toBe('on');
  });

  test('a module that goes on when its port is closed stays off after AT+CPOF, also for the next program', () => {
    const console = open({ whenClosed: 'goes on', profile: a76xx });
    console.at('+CPOF');
    console.close();
    console.reopen();
    expect(console.at('') + console.wait(60_000)).toBe('');
    console.module.control.powerOn();
    expect(console.printed()).toContain('*ATREADY: 1');
  });

  test('AT+CPOF takes its time and ends with its last line', () => {
    const console = open({ timing: { ...instant, shutdown: 2_000 } });
    expect(console.at('+CPOF')).toBe(OK);
    expect(console.wait(1_999)).toBe('');
    expect(console.wait(1)).toBe(unit('NORMAL POWER DOWN'));
    expect(console.at('')).toBe('');
  });

  test('AT+CPOF switches off; the power key switches on', () => {
    const console = open({ profile: sim7600 });
    expect(console.at('+CPOF')).toBe(OK + unit('NORMAL POWER DOWN'));
    expect(console.at('')).toBe('');
    console.module.control.powerOn();
    expect(console.printed()).toMatch(/^\r\nRDY\r\n/);
  });

  test('the power can be cut at any moment', () => {
    const console = open();
    console.type('AT+CS');
    console.module.control.powerOff();
    console.module.control.powerOn();
    console.printed();
    expect(console.type('Q\rAT\r')).toBe(`Q\r${unit('ERROR')}AT\r${OK}`);
  });

  test('what a module at work was holding back is dropped by a restart, not carried out', () => {
    const console = open({ timing: turnaround(50) });
    console.wait(50);
    const commands: string[] = [];
    console.module.control.events$.subscribe((event) => {
      if (event.kind === 'command') commands.push(event.text);
    });
    console.type('AT\r');
    console.type(new Uint8Array(5_000));
    console.type('AT+CSQ\r');
    console.module.control.restart();
    console.wait(1_000);
    expect(commands).toEqual(['AT']);
  });
});

import { describe, expect, test } from 'vitest';
import { ERROR, OK, open, unit } from '../../../test/console.js';

describe('what V.250 leaves', () => {
  test.each([
    // The default init strings of minicom and of wvdial, and what wvdialconf tries on its way to them.
    'AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0',
    'ATZ',
    'ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0',
    'ATQ0 V1 E1',
    'ATQ0 V1 E1 Z',
    'ATQ0 V1 E1 S0=0 &C1 &D2 S11=55',
    'ATS7=60L1M0&S0',
  ])('%s is accepted', (line) => {
    const console = open();
    expect(console.type(`${line}\r`)).toContain('OK');
  });

  test('a data call, as for PPP, is refused as such', () => {
    const console = open();
    for (const number of ['DT*99#', 'DT*99***1#', 'D*99#'])
      expect(console.at(number)).toBe(unit('NO CARRIER'));
    expect(console.at('')).toBe(OK);
  });

  test('S registers are stored, in their ranges, and read with three digits (V.250, 5.3.2)', () => {
    const console = open();
    expect(console.at('S7?')).toBe(unit('050') + OK);
    expect(console.at('S7=60')).toBe(OK);
    expect(console.at('S7?S8?')).toBe(unit('060') + unit('002') + OK);
    expect(console.at('S7=256') + console.at('S6=1') + console.at('S12=1')).toBe(ERROR.repeat(3));
    expect(console.at('&V')).toContain('S7: 60;');
    console.at('&F');
    expect(console.at('S7?')).toContain(unit('050') + OK);
  });

  test('S3 ends command lines and begins line ends, S4 ends them', () => {
    const console = open();
    console.at('S3=35');
    expect(console.type('AT#')).toBe('#\nOK#\n');
    expect(console.type('ATS4=36#')).toBe('#$OK#$');
    expect(console.type('ATV0#')).toBe('0#');
  });

  test('S5 erases a character: backspace unless set otherwise', () => {
    const console = open();
    expect(console.type('AT+CSX\bQ\r')).toContain('+CSQ: 23,0');
    expect(console.type('\b\bAT\r')).toBe(OK);
    console.at('S5=35');
    expect(console.type('AT+CSX#Q\r')).toContain('+CSQ: 23,0');
  });

  test('A/ carries out the last line again, without a CR', () => {
    const console = open();
    console.at('+CSQ');
    expect(console.type('A/')).toBe(unit('+CSQ: 23,0') + OK);
    expect(console.type('a/')).toBe(unit('+CSQ: 23,0') + OK);
    expect(console.type('AT+CIPOPEN=0,"TCP","A/",1\r')).not.toContain('+CSQ');
  });

  test('data is the only class of service', () => {
    const console = open();
    expect(console.at('+FCLASS=?') + console.at('+FCLASS?')).toBe((unit('0') + OK).repeat(2));
    expect(console.at('+FCLASS=0') + console.at('+FCLASS=1')).toBe(OK + ERROR);
  });
});

describe('AT+COPS', () => {
  test('=3 sets the form of the name', () => {
    const console = open();
    expect(console.at('+COPS=3,2')).toBe(OK);
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0,2,"00101",7') + OK);
    console.at('+COPS=3,1');
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0,1,"Test Network",7') + OK);
    expect(console.at('+COPS=3,3')).toBe(ERROR);
  });

  test('=2 deregisters, =0 registers again', () => {
    const console = open();
    console.at('+CREG=1');
    expect(console.at('+COPS=2')).toBe(OK + unit('+CREG: 0'));
    expect(console.at('+COPS?')).toBe(unit('+COPS: 2') + OK);
    expect(console.at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 1'));
    expect(console.at('+COPS=0')).toContain('+CREG: 1');
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0,0,"Test Network",7') + OK);
  });

  test('=1 chooses a network that is there, =4 any other if it is not', () => {
    const console = open();
    expect(console.at('+COPS=1,2,"00101"')).toBe(OK);
    expect(console.at('+COPS?')).toBe(unit('+COPS: 1,2,"00101",7') + OK);
    expect(console.at('+COPS=1,2,"99999"')).toBe(unit('+CME ERROR: no network service'));
    expect(console.at('+COPS=4,2,"99999"')).toBe(OK);
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0,2,"00101",7') + OK);
  });
});

test('AT+CFGRI=1: the RI line is pulsed at each report', () => {
  const console = open();
  const pulses: number[] = [];
  console.module.control.events$.subscribe((event) => {
    if (event.kind === 'ring pulse') pulses.push(event.duration);
  });
  console.module.control.report('+CPIN: READY');
  console.at('+CFGRI=1');
  console.module.control.report('+CPIN: READY');
  expect(pulses).toEqual([60]);
});

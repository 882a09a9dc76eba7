import { describe, expect, test } from 'vitest';
import { ERROR, OK, open, openOnline, unit } from '../../../test/console.js';
import { sim7600 } from '../profiles/sim7600.js';

// AT command manual V1.09 (A76XX) and V3.00 (SIM7500/SIM7600); 3GPP TS 27.007.

describe('the access technology', () => {
  test('AT+CNMP=13 leaves LTE, and with it this network; a restart keeps it (4.2.7)', () => {
    const console = openOnline();
    console.at('+CNSMOD=1');
    expect(console.at('+CNMP=?')).toBe(unit('+CNMP: (2,13,14,38)') + OK);
    expect(console.at('+CNSMOD?')).toBe(unit('+CNSMOD: 1,8') + OK);
    expect(console.at('+CNMP=13')).toBe(
      OK + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY') + unit('+CNSMOD: 0'),
    );
    console.module.control.restart();
    console.at('E0');
    console.printed();
    expect(console.at('+CNMP?')).toBe(unit('+CNMP: 13') + OK);
    expect(console.at('+CREG?')).toBe(unit('+CREG: 0,2') + OK);
    console.at('+CNMP=38');
    expect(console.at('+CREG?')).toBe(unit('+CREG: 0,1') + OK);
    expect(console.at('+CNMP=51')).toBe(ERROR);
    expect(open({ profile: sim7600 }).at('+CNMP=51')).toBe(OK);
  });

  test('AT+WS46 says the same in the words of 3GPP', () => {
    const console = open();
    expect(console.at('+WS46?')).toBe(unit('+WS46: 25') + OK);
    console.at('+WS46=28');
    expect(console.at('+CNMP?')).toBe(unit('+CNMP: 38') + OK);
    expect(console.at('+WS46=29')).toBe(ERROR);
  });
});

test('AT+CESQ and AT+CIND follow the signal and what goes on', () => {
  const console = open();
  const { surroundings, phone, number } = console.module.control;
  expect(console.at('+CESQ')).toBe(unit('+CESQ: 99,99,255,255,20,49') + OK);
  expect(console.at('+CIND?')).toBe(unit('+CIND: 5,4,1,0,0,0,0') + OK);
  phone('+4930111111').send(number, 'unread');
  phone('+4930111111').call(number);
  surroundings.registration = 5;
  surroundings.rssi = 10;
  console.printed();
  expect(console.at('+CIND?')).toBe(unit('+CIND: 5,2,1,1,1,1,0') + OK);
  surroundings.registration = 0;
  expect(console.at('+CESQ')).toBe(unit('+CESQ: 99,99,255,255,255,255') + OK);
});

test('AT+CGEREP=0 keeps packet events back (5.2.15)', () => {
  const console = openOnline();
  console.at('+CGEREP=0');
  console.module.control.loseBearer();
  expect(console.printed()).toBe(unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'));
  expect(console.at('+CGEREP?')).toBe(unit('+CGEREP: 0,0') + OK);
  console.at('+CGEREP');
  console.module.control.loseBearer();
  expect(console.printed()).toContain('+CGEV: NW PDN DEACT 1');
});

describe('AT+CGAUTH (5.2.16)', () => {
  test('the password is never shown, and outlives a restart', () => {
    const console = open();
    expect(console.at('+CGAUTH?')).toBe(unit('+CGAUTH: 1,0') + OK);
    expect(console.at('+CGAUTH=1,1,"secret","me"')).toBe(OK);
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CGAUTH?')).toBe(unit('+CGAUTH: 1,1,"me",""') + OK);
    for (const bad of ['0,0', '1,3', '1,1,"secret"', '1,2', `1,2,"${'x'.repeat(51)}"`]) {
      expect(console.at(`+CGAUTH=${bad}`)).toBe(ERROR);
    }
  });

  test('SIM7600 has AT+CGSOCKCONT and AT+CSOCKAUTH, A76XX does not', () => {
    const console = open({ profile: sim7600 });
    expect(console.at('+CGSOCKCONT=1,"IP","CMNET"')).toBe(OK);
    expect(console.at('+CGSOCKCONT?')).toBe(unit('+CGSOCKCONT: 1,"IP","CMNET","0.0.0.0",0,0') + OK);
    expect(console.at('+CSOCKAUTH=1,1,"me","secret"')).toBe(OK);
    expect(open().at('+CGSOCKCONT?')).toBe(ERROR);
  });
});

describe('the SIM', () => {
  test('AT+CNUM and AT+CSPN', () => {
    const console = open({ surroundings: { number: '+4917612345678', operator: 'Net' } });
    expect(console.at('+CNUM')).toBe(unit('+CNUM: "","+4917612345678",145') + OK);
    expect(console.at('+CSPN?')).toBe(unit('+CSPN: "Net",0') + OK);
  });

  test('AT+CLCK="SC" locks it: the next start asks for the PIN (6.2.3)', () => {
    const console = open();
    expect(console.at('+CLCK="SC",2')).toBe(unit('+CLCK: 0') + OK);
    expect(console.at('+CLCK="SC",1,"0000"')).toBe(unit('+CME ERROR: incorrect password'));
    expect(console.at('+CLCK="SC",1,"1234"')).toBe(OK);
    expect(console.at('+CPWD="SC","1234","4321"')).toBe(OK);
    console.module.control.restart();
    expect(console.at('E0')).toContain('+CPIN: SIM PIN');
    expect(console.at('+CLCK="SC",2')).toBe(unit('+CLCK: 1') + OK);
    expect(console.at('+CPIN="4321"')).toContain(OK);
    console.wait(0);
    expect(console.at('+CPIN?')).toBe(unit('+CPIN: READY') + OK);
  });

  test('AT+CRSM reads its files (6.2.7; 3GPP TS 31.102)', () => {
    const console = open();
    expect(console.at('+CRSM=176,12258,0,0,10')).toBe(unit('+CRSM: 144,0,"98680021436587092143"') + OK);
    expect(console.at('+CRSM=176,28423,0,0,9')).toBe(unit('+CRSM: 144,0,"080910101032547698"') + OK);
    expect(console.at('+CRSM=176,28589,0,0,4')).toBe(unit('+CRSM: 144,0,"00000002"') + OK);
    expect(console.at('+CRSM=178,28480,1,4,28')).toContain('FF07912120550501F0');
    expect(console.at('+CRSM=176,28999,0,0,4')).toBe(unit('+CRSM: 106,130') + OK);
    console.module.control.surroundings.sim = { cme: 10 };
    console.printed();
    expect(console.at('+CRSM=242')).toBe(unit('+CME ERROR: SIM not inserted'));
  });

  test('AT+CSIM speaks its own language (6.2.6)', () => {
    const console = open();
    expect(console.at('+CSIM=10,"A0F2000016"')).toBe(unit('+CSIM: 4,"6E00"') + OK);
    expect(console.at('+CSIM=14,"00A40004022FE2"')).toBe(unit('+CSIM: 4,"9000"') + OK);
    expect(console.at('+CSIM=10,"00B0000002"')).toBe(unit('+CSIM: 8,"98689000"') + OK);
    expect(console.at('+CSIM=10,"0020000100"')).toBe(unit('+CSIM: 4,"63C3"') + OK);
    expect(console.at('+CSIM=12,"0020000100"')).toBe(ERROR);
  });

  test('AT+CPOL keeps preferred operators (4.2.5)', () => {
    const console = open();
    console.at('+CPOL=2,2,"46009"');
    console.at('+CPOL=1,2,"46001"');
    expect(console.at('+CPOL?')).toBe(unit('+CPOL: 1,2,"46001"') + unit('+CPOL: 2,2,"46009"') + OK);
    console.at('+CPOL=1');
    expect(console.at('+CPOL?')).toBe(unit('+CPOL: 2,2,"46009"') + OK);
  });

  test('its phonebook (8.2)', () => {
    const console = open();
    expect(console.at('+CPBW=,"+4930111111",145,"Ann"')).toBe(OK);
    expect(console.at('+CPBW=5,"10086"')).toBe(OK);
    expect(console.at('+CPBR=1,500')).toBe(
      unit('+CPBR: 1,"+4930111111",145,"Ann"', '+CPBR: 5,"10086",129,""') + OK,
    );
    expect(console.at('+CPBF="nn"')).toBe(unit('+CPBF: 1,"+4930111111",145,"Ann"') + OK);
    expect(console.at('+CPBS?')).toBe(unit('+CPBS: "SM",2,500') + OK);
    console.at('+CPBW=1');
    expect(console.at('+CPBR=1')).toBe(OK);
    console.at('+CPBS="ON"');
    expect(console.at('+CPBR=1')).toBe(unit('+CPBR: 1,"+12025550100",145,""') + OK);
    expect(console.at('+CPBW=1,"1",129,"a name that is too long"')).toBe(ERROR);
  });
});

describe('AT+CPING (5.2.17)', () => {
  test('each answer, then all of them', () => {
    const console = open({ internet: { latency: 20 } });
    console.outside.internet.name('host.test', '10.0.0.1');
    expect(console.at('+CPING="host.test",1,2,64,1000')).toBe(OK);
    expect(console.wait(40)).toBe(unit('+CPING: 1,10.0.0.1,64,40,255'));
    expect(console.wait(1_040)).toBe(unit('+CPING: 1,10.0.0.1,64,40,255') + unit('+CPING: 3,2,2,0,40,40,40'));
  });

  test('a host that does not answer, a name that leads nowhere', () => {
    const console = open();
    console.at('+CPING="10.9.9.9",1,2');
    expect(console.wait(60_000)).toBe(unit('+CPING: 2').repeat(2) + unit('+CPING: 3,2,0,2,0,0,0'));
    expect(console.at('+CPING="nowhere.test",1,1')).toBe(
      OK + unit('+CPING: 2') + unit('+CPING: 3,1,0,1,0,0,0'),
    );
    for (const bad of ['', '"x",2', '"x",1,6', '"x",1,1,189', '"x",1,1,64,999']) {
      expect(console.at(`+CPING=${bad}`)).toBe(ERROR);
    }
  });
});

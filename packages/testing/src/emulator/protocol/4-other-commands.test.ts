import { describe, expect, test } from 'vitest';
import { connected, ERROR, OK, open, openOnline, unit } from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { note100 } from '../profiles/note-1.00.js';
import { sim7600 } from '../profiles/sim7600.js';
import { instant } from '../timing.js';

describe('protocol 4.1 identity', () => {
  test.each([
    [
      'I',
      unit(
        'Manufacturer: SIMCOM INCORPORATED',
        'Model: A7672SA-FASE',
        'Revision: A011B19A7672M7_F',
        'IMEI: 862636050000019',
        '+GCAP: +CGSM,+FCLASS,+DS',
      ),
    ],
    [
      '+SIMCOMATI',
      unit(
        'Manufacturer: SIMCOM INCORPORATED',
        'Model: A7672SA-FASE',
        'Revision: A011B19A7672M7_F',
        'A7672M7_B19V01_250905',
        'IMEI: 862636050000019',
        'DeviceInfo:',
      ),
    ],
    ['+CGMI', unit('SIMCOM INCORPORATED')],
    ['+CGMM', unit('A7672SA-FASE')],
    ['+CGMR', unit('+CGMR: A011B19A7672M7_F')],
    ['+CGSN', unit('862636050000019')],
    ['+GSN', unit('862636050000019')],
    ['+SIMEI?', unit('+SIMEI: 862636050000019')],
    ['+CICCID', unit('+ICCID: 89860012345678901234')],
    ['+CIMI', unit('001010123456789')],
  ])('AT%s', (command, answer) => {
    expect(open().at(command)).toBe(answer + OK);
  });

  test('each profile has an identity of its own', () => {
    expect(open({ profile: note100 }).at('+CGMM')).toBe(unit('A7600C') + OK);
    expect(open({ profile: sim7600 }).at('+CGMM')).toBe(unit('SIMCOM_SIM7600E-H') + OK);
  });
});

describe('protocol 4.2 radio and registration', () => {
  test('AT+CSQ and AT+AUTOCSQ, whose reports look the same', () => {
    const console = open({ surroundings: { rssi: 17 } });
    const { surroundings } = console.module.control;
    expect(console.at('+CSQ=?')).toBe(unit('+CSQ: (0-31,99),(0-7,99)') + OK);
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 17,0') + OK);
    expect(console.at('+AUTOCSQ=1,1')).toBe(OK);
    surroundings.rssi = 21;
    // Less than AT+CSQDELTA.
    expect(console.printed()).toBe('');
    console.at('+CSQDELTA=1');
    surroundings.rssi = 20;
    expect(console.printed()).toBe(unit('+CSQ: 20,0'));
    console.at('+AUTOCSQ=1,0');
    surroundings.rssi = 21;
    expect(console.wait(10_000)).toBe(unit('+CSQ: 21,0').repeat(2));
    expect(console.at('+AUTOCSQ?')).toBe(unit('+AUTOCSQ: 1,0') + OK);
    console.at('+AUTOCSQ=0');
    expect(console.wait(60_000)).toBe('');
    expect(console.at('+AUTOCSQ=2')).toBe(ERROR);
  });

  test.each(['+CREG', '+CGREG', '+CEREG'])(
    'AT%s: answers have two numbers or more, reports one (Q-38)',
    (command) => {
      const console = open();
      const { surroundings } = console.module.control;
      expect(console.at(`${command}=?`)).toBe(unit(`${command}: (0-2)`) + OK);
      expect(console.at(`${command}?`)).toBe(unit(`${command}: 0,1`) + OK);
      console.at(`${command}=1`);
      surroundings.registration = 5;
      expect(console.printed()).toBe(unit(`${command}: 5`));
      console.at(`${command}=2`);
      expect(console.at(`${command}?`)).toBe(unit(`${command}: 2,5,"230A","0A75E4B3"`) + OK);
      surroundings.registration = 3;
      expect(console.printed()).toBe(unit(`${command}: 3`));
      surroundings.registration = 1;
      expect(console.printed()).toBe(unit(`${command}: 1,"230A","0A75E4B3"`));
      expect(console.at(`${command}=3`)).toBe(ERROR);
    },
  );

  test('registration that is lost and comes back; the sockets stay', () => {
    const console = openOnline();
    connected(console);
    console.at('+CEREG=1');
    console.module.control.loseRegistration(5_000);
    expect(console.printed()).toBe(unit('+CEREG: 2'));
    expect(console.module.control.openLinks).toBe(1);
    expect(console.wait(5_000)).toBe(unit('+CEREG: 1'));
  });

  test('data-only units register with 11, and have a bearer all the same (Q-40)', () => {
    const console = open({ surroundings: { registration: 11 } });
    expect(console.at('+CREG?')).toBe(unit('+CREG: 0,11') + OK);
    expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 0'));
  });

  test('AT+CPSI?', () => {
    const console = open();
    expect(console.at('+CPSI?')).toBe(
      unit('+CPSI: LTE,Online,001-01,0x230A,175498419,318,EUTRAN-BAND3,1650,5,0,21,67,255,19') + OK,
    );
    console.module.control.surroundings.registration = 2;
    expect(console.at('+CPSI?')).toBe(unit('+CPSI: NO SERVICE,Online') + OK);
    console.at('+CFUN=0');
    expect(console.at('+CPSI?')).toBe(unit('+CPSI: NO SERVICE, Low Power Mode') + OK);
  });

  test('AT+COPS?', () => {
    const console = open();
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0,0,"Test Network",7') + OK);
    console.module.control.surroundings.registration = 0;
    expect(console.at('+COPS?')).toBe(unit('+COPS: 0') + OK);
  });

  test('AT+CFUN=0 and 4 switch the radio off, and the network with it; 1 brings it back after a search', () => {
    const console = openOnline({ timing: { ...instant, registration: 2_000 } });
    console.at('+CREG=1');
    expect(console.at('+CFUN=?')).toBe(unit('+CFUN: (0-1,4-8),(0-1)') + OK);
    expect(console.at('+CFUN=4')).toBe(
      OK + unit('+CREG: 0') + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    );
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 99,99') + OK);
    expect(console.at('+CFUN?')).toBe(unit('+CFUN: 4') + OK);
    expect(console.at('+CFUN=1')).toBe(OK + unit('+CREG: 2'));
    expect(console.wait(2_000)).toBe(unit('+CREG: 1'));
    for (const value of ['2', '3', '9', '1,2', '']) expect(console.at(`+CFUN=${value}`)).toBe(ERROR);
  });

  test('out of AT+CFUN=7 only 6 leads', () => {
    const console = open();
    console.at('+CFUN=7');
    expect(console.at('+CFUN=1')).toBe(unit('+CME ERROR: operation not allowed'));
    expect(console.at('+CFUN=6')).toContain('*ATREADY: 1');
  });
});

describe('protocol 4.3 PDP', () => {
  test('AT+CGDCONT defines contexts, which a restart keeps', () => {
    const console = open();
    expect(console.at('+CGDCONT=1,"IP","CMNET"')).toBe(OK);
    expect(console.at('+CGDCONT=2,"IPV4V6"')).toBe(OK);
    console.module.control.restart();
    console.at('E0');
    const tail = ',"0.0.0.0",0,0,,,,';
    expect(console.at('+CGDCONT?')).toBe(
      unit(`+CGDCONT: 1,"IP","CMNET"${tail}`, `+CGDCONT: 2,"IPV4V6",""${tail}`) + OK,
    );
    console.at('+CGDCONT=2');
    expect(console.at('+CGDCONT?')).not.toContain('+CGDCONT: 2');
    for (const bad of ['0,"IP"', '16,"IP"', '1,"PPP"']) expect(console.at(`+CGDCONT=${bad}`)).toBe(ERROR);
  });

  test('AT+CGACT of an active context is OK; switched off, it takes the bearer, until it is on again', () => {
    const console = openOnline();
    expect(console.at('+CGACT?')).toBe(unit('+CGACT: 1,1') + OK);
    expect(console.at('+CGACT=1,1')).toBe(OK);
    expect(console.module.control.networkOpen).toBe(true);
    expect(console.at('+CGACT=0,1')).toBe(
      OK + unit('+CGEV: ME PDN DEACT 1') + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    );
    expect(console.at('+CGACT?')).toBe(unit('+CGACT: 1,0') + OK);
    expect(console.at('+CGPADDR')).toBe(OK);
    expect(console.at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 1'));
    expect(console.at('+CGACT=1,1')).toBe(OK);
    expect(console.at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 0'));
    expect(console.at('+CGACT=2,1')).toBe(ERROR);
  });

  test('AT+CGACT of a second context', () => {
    const console = open();
    expect(console.at('+CGACT=1,2')).toBe(unit('+CME ERROR: unknown'));
    console.at('+CGDCONT=2,"IP","second"');
    expect(console.at('+CGACT=1,2')).toBe(OK);
    expect(console.at('+CGACT?')).toContain('+CGACT: 2,1');
    expect(console.at('+CGPADDR=2')).toContain('+CGPADDR: 2,10.0.0.2');
    expect(console.at('+CGACT=0,2')).toBe(OK);
    expect(console.at('+CGACT?')).toContain('+CGACT: 2,0');
  });

  test('AT+CGACT of the default bearer is refused where a network does that (log LilyGO #178)', () => {
    const console = open({ profile: { ...a76xx, defaultBearer: 'cannot be switched' } });
    expect(console.at('+CGACT=1,1')).toBe(unit('+CME ERROR: requested service option not subscribed'));
  });

  test('AT+CGPADDR: unquoted, quoted on SIM7600 (Q-22), OK alone without an address', () => {
    const console = open();
    expect(console.at('+CGPADDR')).toBe(unit('+CGPADDR: 1,10.0.0.2') + OK);
    expect(console.at('+CGPADDR=1')).toBe(unit('+CGPADDR: 1,10.0.0.2') + OK);
    expect(console.at('+CGPADDR=2')).toBe(OK);
    expect(open({ profile: sim7600 }).at('+CGPADDR')).toBe(unit('+CGPADDR: 1,"10.0.0.2"') + OK);
    console.module.control.surroundings.bearer = false;
    expect(console.at('+CGPADDR')).toContain(OK);
    expect(console.at('+CGPADDR')).toBe(OK);
  });

  test('AT+CGATT=0 takes the network away, 1 brings it back', () => {
    const console = openOnline();
    expect(console.at('+CGATT?')).toBe(unit('+CGATT: 1') + OK);
    expect(console.at('+CGATT=0')).toBe(OK + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'));
    expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 1'));
    console.at('+CGATT=1');
    expect(console.at('+NETOPEN') + console.wait(0)).toBe(OK + unit('+NETOPEN: 0'));
  });
});

describe('protocol 4.4 SIM and errors', () => {
  test.each([
    [0, ERROR],
    [1, unit('+CME ERROR: 14')],
    [2, unit('+CME ERROR: SIM busy')],
  ])('CMEE=%i decides how a failure is told', (mode, answer) => {
    const console = open({ surroundings: { sim: { cme: 14 } } });
    console.at(`+CMEE=${mode}`);
    expect(console.at('+CPIN?')).toBe(answer);
    expect(console.at('+CIMI')).toBe(answer);
  });

  test.each(['READY', 'SIM PIN', 'SIM PUK', 'PH-NET PIN'])('AT+CPIN? tells %s', (sim) => {
    expect(open({ surroundings: { sim } }).at('+CPIN?')).toBe(unit(`+CPIN: ${sim}`) + OK);
  });

  test('the PIN is entered; three wrong ones ask for the PUK', () => {
    const console = open({ surroundings: { sim: 'SIM PIN', pin: '4711' } });
    expect(console.at('+CREG?')).toBe(unit('+CREG: 0,0') + OK);
    expect(console.at('+CPIN="1234"')).toBe(unit('+CME ERROR: incorrect password'));
    expect(console.at('+CPIN=4711').startsWith(OK + unit('+CPIN: READY'))).toBe(true);
    expect(console.at('+CPIN?;+CREG?')).toBe(unit('+CPIN: READY') + unit('+CREG: 0,1') + OK);
    expect(console.at('+CPIN="4711"')).toBe(unit('+CME ERROR: operation not allowed'));
  });

  test('three wrong PINs ask for the PUK, which sets a new PIN', () => {
    const console = open({ surroundings: { sim: 'SIM PIN' } });
    for (const pin of ['1', '2', '3']) console.at(`+CPIN="${pin}"`);
    expect(console.at('+CPIN?')).toBe(unit('+CPIN: SIM PUK') + OK);
    expect(console.at('+CPIN="1234"')).toBe(unit('+CME ERROR: incorrect password'));
    expect(console.at('+CPIN="12345678","9999"').startsWith(OK + unit('+CPIN: READY'))).toBe(true);
    expect(console.module.control.surroundings.pin).toBe('9999');
  });

  test('a SIM that is pulled and put in again', () => {
    const console = open();
    const { surroundings } = console.module.control;
    surroundings.sim = { cme: 10 };
    expect(console.printed()).toBe(unit('+SIMCARD: NOT AVAILABLE'));
    expect(console.at('+CPIN?')).toBe(unit('+CME ERROR: SIM not inserted'));
    surroundings.sim = 'READY';
    expect(console.printed()).toMatch(/^\r\n\+CPIN: READY\r\n/);
    expect(console.at('+CREG?')).toBe(unit('+CREG: 0,1') + OK);
  });
});

describe('protocol 4.5 line and modem settings', () => {
  test('AT&W stores, only ATZ brings it back after a restart; AT&F forgets it', () => {
    const console = open();
    console.at('X4&C0&D2&W');
    console.module.control.restart();
    console.printed();
    expect(console.at('+CSQ')).toMatch(/^AT\+CSQ\r/);
    expect(console.type('ATZ\r')).toBe(`ATZ\r${OK}`);
    expect(console.module.control.state.settings).toMatchObject({
      echo: false,
      connectText: 4,
      dcd: 0,
      dtr: 2,
    });
    console.at('&F');
    expect(console.module.control.state.settings).toMatchObject({
      echo: true,
      connectText: 1,
      dcd: 1,
      dtr: 0,
    });
    expect(console.at('Z1')).toContain(ERROR);
  });

  test('AT+CTZU saves itself, AT+CTZR does not', () => {
    const console = open();
    console.at('+CTZU=1;+CTZR=1');
    expect(console.at('+CTZR?')).toBe(unit('+CTZR: 1') + OK);
    console.module.control.restart();
    console.printed();
    expect(console.at('+CTZU?;+CTZR?')).toContain(unit('+CTZU: 1') + unit('+CTZR: 0') + OK);
  });

  test('AT&V shows them', () => {
    const shown = open().at('&V');
    expect(shown).toContain('&C: 1; &D: 0;');
    expect(shown).toContain('E: 0;');
    expect(shown).toContain('+IPR: 115200;');
  });

  test('ATS0', () => {
    const console = open();
    expect(console.at('S0=3')).toBe(OK);
    expect(console.at('S0?')).toBe(unit('S0: 3') + OK);
    expect(console.at('S0=256')).toBe(ERROR);
  });

  test.each([
    ['+IPR?', '+IPR: 115200'],
    ['+IPREX?', '+IPREX: 115200'],
    ['+ICF?', '+ICF: 2,2'],
    ['+IFC?', '+IFC: 0,0'],
    ['+IFC=?', '+IFC: (0,2),(0,2)'],
    ['+CSCLK?', '+CSCLK: 0'],
    ['+CATR?', '+CATR: 0'],
    ['+CTZU?', '+CTZU: 0'],
    ['+CTZR?', '+CTZR: 0'],
    ['+CMUX?', '+CMUX: 0,0,5,1500,0,0,600'],
    ['+CMUX=?', '+CMUX: (0),(0),(1-8),(1-1500),(0),(0),(2-1000)'],
    ['+CMEE=?', '+CMEE: (0-2)'],
    ['+CMEE?', '+CMEE: 2'],
  ])('AT%s', (command, answer) => {
    expect(open().at(command)).toBe(unit(answer) + OK);
  });

  test.each([
    '+IPR=123',
    '+IPREX=0',
    '+ICF=7',
    '+ICF=2,4',
    '+IFC=3',
    '+CSCLK=3',
    '+CATR=8',
    '+CTZU=2',
    '+CMUX=1',
    '+CMUX=0,0,9',
    '+CMUX=0,0,5,1501',
    'E2',
    'X5',
    '&D3',
    '&C2',
  ])('AT%s is refused', (command) => {
    expect(open().at(command)).toBe(ERROR);
  });

  test('AT+CATR sends unsolicited lines elsewhere, results stay', () => {
    const console = openOnline();
    connected(console);
    console.at('+CATR=3');
    console.module.control.loseRegistration(10);
    console.module.control.surroundings.sim = { cme: 10 };
    expect(console.printed()).toBe('');
    expect(console.at('+CIPCLOSE=1')).toBe(OK + unit('+CIPCLOSE: 1,0'));
  });

  test('AT+CURCD delays unsolicited lines', () => {
    const console = openOnline();
    console.at('+CURCD=500,1');
    console.at('+AUTOCSQ=1,1');
    console.module.control.surroundings.rssi = 5;
    expect(console.wait(499)).toBe('');
    expect(console.wait(1)).toBe(unit('+CSQ: 5,0'));
  });

  test('AT+CSCLK=2: the first bytes after a pause only wake the port', () => {
    const console = open();
    console.at('+CSCLK=2');
    console.wait(5_000);
    expect(console.at('')).toBe(OK);
    console.wait(10_000);
    expect(console.at('')).toBe('');
    expect(console.at('')).toBe(OK);
  });

  test('AT+CSCLK=1: asleep while DTR is off', () => {
    const console = open();
    console.at('+CSCLK=1');
    console.module.control.dtr = false;
    expect(console.at('')).toBe('');
    console.module.control.dtr = true;
    expect(console.at('')).toBe(OK);
  });
});

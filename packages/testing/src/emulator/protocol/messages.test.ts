import { describe, expect, test } from 'vitest';
import { ERROR, OK, observe, open, unit } from '../../../test/console.js';
import { memoryInternet } from '../../networks/memory/internet.js';
import { userData } from '../../networks/mobile/tpdu/user-data.js';
import { emulator } from '../emulator.js';
import { sim7600 } from '../profiles/sim7600.js';

// AT command manual V1.09, chapter 9; 3GPP TS 27.005.

const ANN = '+4930111111';
const AT_0 = '"70/01/01,00:00:00+00"';

function start(options: Parameters<typeof open>[0] = {}) {
  const console = open(options);
  const ann = console.module.control.phone(ANN);
  const { number } = console.module.control;
  return { console, ann, number };
}

/** With text mode on. */
function startText(options: Parameters<typeof open>[0] = {}) {
  const started = start(options);
  started.console.at('+CMGF=1');
  return started;
}

describe('sending', () => {
  test('in text mode: the prompt has a blank, Ctrl-Z sends, the peer has it (9.2.13)', () => {
    const { console, ann, number } = startText();
    expect(console.at(`+CMGS="${ANN}"`)).toBe('\r\n> ');
    expect(console.type('Hello\x1a')).toBe(unit('+CMGS: 1') + OK);
    expect(ann.inbox).toMatchObject([{ from: number, text: 'Hello', parts: 1 }]);
    console.at(`+CMGS="${ANN}",145`);
    expect(console.type('again\x1a')).toBe(unit('+CMGS: 2') + OK);
  });

  test('the text is echoed, the Ctrl-Z with it (field notes 6)', () => {
    const { console } = start({ echo: true });
    console.at('+CMGF=1');
    console.at(`+CMGS="${ANN}"`);
    expect(console.type('Hi\x1a')).toBe(`Hi\x1a${unit('+CMGS: 1')}${OK}`);
  });

  test('ESC cancels with OK (9.2.13)', () => {
    const { console, ann } = startText();
    console.at(`+CMGS="${ANN}"`);
    expect(console.type('no\x1b')).toBe(OK);
    expect(ann.inbox).toEqual([]);
  });

  test('ETX is a character of the text, not an escape', () => {
    const { console } = startText();
    console.at(`+CMGS="${ANN}"`);
    expect(console.type('a\x03\x1a')).toBe(unit('+CMGS: 1') + OK);
  });

  test('in PDU mode: the length counts the TPDU alone, the service centre may be left out', () => {
    const { console, ann } = start();
    expect(console.at('+CMGS=19')).toBe('\r\n> ');
    const pdu = '0001000A819403111111000005E8329BFD06\x1a';
    expect(console.type(pdu)).toBe(unit('+CMS ERROR: Invalid PDU mode parameter'));
    console.at('+CMGS=17');
    expect(console.type(pdu)).toBe(unit('+CMGS: 1') + OK);
    expect(ann.inbox.map(({ text }) => text)).toEqual(['hello']);
  });

  test.each(['=02112345678', '=0', '=', '=300'])('AT+CMGS%s in PDU mode (28.4)', (parameters) => {
    expect(start().console.at(`+CMGS${parameters}`)).toBe(unit('+CMS ERROR: Invalid PDU mode parameter'));
  });

  test('AT+CMEE decides how errors look', () => {
    const { console } = start();
    console.at('+CMEE=1');
    expect(console.at('+CMGS=0')).toBe(unit('+CMS ERROR: 304'));
    console.at('+CMEE=0');
    expect(console.at('+CMGS=0')).toBe(ERROR);
  });

  test('UCS2: number and text in hexadecimal (SMS note, 4.2.4)', () => {
    const { console, ann } = startText();
    console.at('+CSCS="UCS2"');
    console.at('+CSMP=17,167,0,8');
    const hexadecimal = [...ANN].map((digit) => `00${digit.charCodeAt(0).toString(16)}`).join('');
    expect(console.at(`+CMGS="${hexadecimal}"`)).toBe('\r\n> ');
    console.type('4F60597D003100320033\x1a');
    expect(ann.inbox).toMatchObject([{ text: '你好123', coding: 8 }]);
  });

  test('160 characters fit, 161 do not', () => {
    const { console } = startText();
    console.at(`+CMGS="${ANN}"`);
    expect(console.type(`${'a'.repeat(160)}\x1a`)).toBe(unit('+CMGS: 1') + OK);
    console.at(`+CMGS="${ANN}"`);
    expect(console.type(`${'a'.repeat(161)}\x1a`)).toBe(unit('+CMS ERROR: SMS size more than expected'));
  });

  test('parts of a longer message: only the last one is answered with a reference (9.2.20)', () => {
    const { console, ann } = startText();
    console.at(`+CMGSEX="${ANN}",190,1,2`);
    expect(console.type('ABCD\x1a')).toBe(OK);
    console.at(`+CMGSEX="${ANN}",190,2,2`);
    expect(console.type('EFGH\x1a')).toBe(unit('+CMGSEX: 2') + OK);
    expect(ann.inbox).toMatchObject([{ text: 'ABCDEFGH', parts: 2 }]);
  });

  test('what stands in the way: no service, no SIM, a network that refuses', () => {
    const { console } = startText();
    const { surroundings, mobile } = console.module.control;
    const attempt = () => {
      console.at(`+CMGS="${ANN}"`);
      return console.type('x\x1a');
    };
    surroundings.registration = 0;
    expect(attempt()).toBe(unit('+CMS ERROR: no network service'));
    surroundings.registration = 1;
    mobile.conditions.refusal = 38;
    expect(attempt()).toBe(unit('+CMS ERROR: Network out of order'));
    surroundings.sim = { cme: 10 };
    console.printed();
    expect(attempt()).toBe(unit('+CMS ERROR: SIM not inserted'));
  });
});

describe('receiving', () => {
  test('stored and indicated, read, read again, deleted (9.2.9, 9.2.12, 9.2.16)', () => {
    const { console, ann, number } = startText();
    ann.send(number, 'Hello');
    expect(console.printed()).toBe(unit('+CMTI: "SM",1'));
    expect(console.at('+CMGR=1')).toBe(unit(`+CMGR: "REC UNREAD","${ANN}","",${AT_0}`, 'Hello') + OK);
    expect(console.at('+CMGR=1')).toContain('"REC READ"');
    expect(console.at('+CMGD=1')).toBe(OK);
    expect(console.at('+CMGR=1')).toBe(OK);
    expect(console.at('+CMGR=51')).toBe(unit('+CMS ERROR: Invalid memory index'));
  });

  test('AT+CSDH=1 shows the rest of the header (9.2.7)', () => {
    const { console, ann, number } = startText();
    console.at('+CSDH=1');
    ann.send(number, 'How do you do');
    console.printed();
    expect(console.at('+CMGR=1')).toBe(
      unit(`+CMGR: "REC UNREAD","${ANN}","",${AT_0},145,4,0,0,"+12025550199",145,13`, 'How do you do') + OK,
    );
  });

  test('in PDU mode the service centre stands in front and is not counted', () => {
    const { console, ann, number } = start();
    ann.send(number, 'hello');
    console.printed();
    expect(console.at('+CMGR=1')).toBe(
      unit('+CMGR: 0,"",23', '07912120550591F9040A91940311111100000710100000000005E8329BFD06') + OK,
    );
  });

  test('SIM7600 counts from 0 and leaves the name out (SMS note, 4.2.2)', () => {
    const { console, ann, number } = startText({ profile: sim7600 });
    ann.send(number, 'Hello');
    expect(console.printed()).toBe(unit('+CMTI: "SM",0'));
    expect(console.at('+CMGR=0')).toBe(unit(`+CMGR: "REC UNREAD","${ANN}",,${AT_0}`, 'Hello') + OK);
  });

  test('lists by status, and what was unread is read then (9.2.11)', () => {
    const { console, ann, number } = startText();
    ann.send(number, 'one');
    ann.send(number, 'two');
    console.printed();
    console.at('+CMGR=1');
    expect(console.at('+CMGL="REC UNREAD"')).toBe(
      unit(`+CMGL: 2,"REC UNREAD","${ANN}","",${AT_0}`, 'two') + OK,
    );
    expect(console.at('+CMGL="REC UNREAD"')).toBe(OK);
    expect(console.at('+CMGL="ALL"').match(/\+CMGL: /g)).toHaveLength(2);
    expect(console.at('+CMGL=?')).toBe(
      unit('+CMGL: ("REC UNREAD","REC READ","STO UNSENT","STO SENT","ALL")') + OK,
    );
    console.at('+CMGF=0');
    expect(console.at('+CMGL=4').match(/\+CMGL: \d,1,"",\d+\r\n[0-9A-F]+\r\n/g)).toHaveLength(2);
  });

  test('what is not 7-bit text is shown in hexadecimal (3GPP TS 27.005, 3.1)', () => {
    const { console, ann, number } = startText();
    ann.send(number, '你好');
    ann.send(number, '', { data: userData(Uint8Array.of(0, 255), 4) });
    console.printed();
    expect(console.at('+CMGR=1')).toContain('\r\n4F60597D\r\n');
    expect(console.at('+CMGR=2')).toContain('\r\n00FF\r\n');
  });

  test('handed over with AT+CNMI=2,2, and not stored', () => {
    const { console, ann, number } = startText();
    console.at('+CNMI=2,2');
    ann.send(number, 'Hello');
    expect(console.printed()).toBe(unit(`+CMT: "${ANN}","",${AT_0}`, 'Hello'));
    expect(console.at('+CMGL="ALL"')).toBe(OK);
    console.at('+CMGF=0');
    ann.send(number, 'hello');
    expect(console.printed()).toBe(
      unit('+CMT: "",23', '07912120550591F9040A91940311111100000710100000000005E8329BFD06'),
    );
  });

  test('AT+CNMA acknowledges once, with AT+CSMS=1 (9.2.8)', () => {
    const { console, ann, number } = startText();
    console.at('+CNMI=2,2');
    expect(console.at('+CSMS=1')).toBe(unit('+CSMS: 1,1,1') + OK);
    ann.send(number, 'Hello');
    console.printed();
    console.at('+CMEE=1');
    expect(console.at('+CNMA')).toBe(OK);
    expect(console.at('+CNMA')).toBe(unit('+CMS ERROR: 340'));
  });

  test('class 2 goes to the SIM, class 3 to the host with <mt> 3', () => {
    const { console, ann, number } = startText();
    console.at('+CPMS="ME","ME","ME"');
    console.at('+CNMI=2,2');
    ann.send(number, '', { data: userData([0x41], 0xf2) });
    expect(console.printed()).toBe(unit('+CMTI: "SM",1'));
    console.at('+CNMI=1,3');
    ann.send(number, '', { data: userData([0x42], 0xf3) });
    expect(console.printed()).toBe(unit(`+CMT: "${ANN}","",${AT_0}`, 'B'));
    ann.send(number, 'no class');
    expect(console.printed()).toBe(unit('+CMTI: "ME",1'));
  });

  test('AT+CNMI=0 keeps indications back until it is left', () => {
    const { console, ann, number } = startText();
    console.at('+CNMI=0,1');
    ann.send(number, 'Hello');
    expect(console.printed()).toBe('');
    expect(console.at('+CNMI=2,1,0,0,0')).toBe(OK + unit('+CMTI: "SM",1'));
    console.at('+CNMI=0,1');
    ann.send(number, 'Hello');
    expect(console.at('+CNMI=2,1,0,0,1')).toBe(OK);
    expect(console.at('+CNMI?')).toBe(unit('+CNMI: 2,1,0,0,1') + OK);
    for (const bad of ['3', '2,4', '2,1,1', '0,2', '2,1,0,3', '2,1,0,0,2']) {
      expect(console.at(`+CNMI=${bad}`)).toBe(ERROR);
    }
  });

  test('a full memory lets messages wait until there is room', () => {
    const { console, ann, number } = startText();
    for (let count = 0; count < 51; count++) ann.send(number, `number ${count}`);
    expect(console.printed().match(/\+CMTI/g)).toHaveLength(50);
    expect(console.at('+CPMS?')).toBe(unit('+CPMS: "SM",50,50,"SM",50,50,"SM",50,50') + OK);
    expect(console.at('+CMGW="1"')).toBe('\r\n> ');
    expect(console.type('x\x1a')).toBe(unit('+CMS ERROR: Memory full'));
    expect(console.at('+CMGD=7')).toBe(OK + unit('+CMTI: "SM",7'));
    expect(console.at('+CMGR=7')).toContain('number 50');
  });

  test('what comes while the module is off waits for it', () => {
    const { console, ann, number } = start();
    console.module.control.powerOff();
    ann.send(number, 'patience');
    console.module.control.powerOn();
    console.at('E0');
    expect(console.wait(0)).toContain(unit('+CMTI: "SM",1'));
    expect(console.at('+CMGL=4')).toContain('+CMGL: 1,0,"",');
  });
});

describe('memories', () => {
  test('AT+CMGW, AT+CMSS: written, sent from there, marked as sent (9.2.14, 9.2.15)', () => {
    const { console, ann } = startText();
    console.at(`+CMGW="${ANN}"`);
    expect(console.type('later\x1a')).toBe(unit('+CMGW: 1') + OK);
    expect(console.at('+CMGR=1')).toBe(unit(`+CMGR: "STO UNSENT","${ANN}",""`, 'later') + OK);
    expect(console.at('+CMSS=1')).toBe(unit('+CMSS: 1') + OK);
    expect(console.at('+CMGR=1')).toContain('"STO SENT"');
    expect(console.at('+CMSS=1,"+4930111111"')).toBe(unit('+CMSS: 2') + OK);
    expect(ann.inbox.map(({ text }) => text)).toEqual(['later', 'later']);
    expect(console.at('+CMSS=2')).toBe(unit('+CMS ERROR: Invalid memory index'));
  });

  test('AT+CMGD deletes by kind (9.2.16)', () => {
    const { console, ann, number } = startText();
    ann.send(number, 'read');
    ann.send(number, 'unread');
    console.at('+CMGR=1');
    for (const status of ['STO UNSENT', 'STO SENT']) {
      console.at(`+CMGW="1",129,"${status}"`);
      console.type('x\x1a');
    }
    const left = () =>
      [...console.at('+CMGD=?').matchAll(/\d+/g)].slice(0, -2).map(([index]) => Number(index));
    expect(left()).toEqual([1, 2, 3, 4]);
    console.at('+CMGD=,1');
    expect(left()).toEqual([2, 3, 4]);
    console.at('+CMGD=1,2');
    expect(left()).toEqual([2, 3]);
    console.at('+CMGD=1,3');
    expect(left()).toEqual([2]);
    console.at('+CMGD=1,4');
    expect(left()).toEqual([]);
  });

  test('each memory by itself; a restart keeps them, and what the manual calls AUTO_SAVE', () => {
    const { console, ann, number } = startText();
    expect(console.at('+CPMS=?')).toBe(unit('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")') + OK);
    expect(console.at('+CPMS="ME","SM","ME"')).toBe(unit('+CPMS: 0,180,0,50,0,180') + OK);
    console.at('+CSMP=49,1,2,3');
    console.at('+CSDH=1');
    ann.send(number, 'kept');
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CPMS?')).toBe(unit('+CPMS: "ME",1,180,"SM",0,50,"ME",1,180') + OK);
    expect(console.at('+CMGF?')).toBe(unit('+CMGF: 1') + OK);
    expect(console.at('+CSMP?')).toBe(unit('+CSMP: 17,167,0,0') + OK);
    expect(console.at('+CSDH?')).toBe(unit('+CSDH: 0') + OK);
    expect(console.at('+CPMS="XX"')).toBe(unit('+CMS ERROR: Operation not allowed'));
  });
});

describe('delivery reports', () => {
  test('handed over, in both modes (9.2.9)', () => {
    const { console } = startText();
    console.at('+CNMI=1,1,0,1,0');
    console.at('+CSMP=49,167,0,0');
    console.at(`+CMGS="${ANN}"`);
    expect(console.type('x\x1a')).toBe(
      unit('+CMGS: 1') + OK + unit(`+CDS: 6,1,"${ANN}",145,${AT_0},${AT_0},0`),
    );
    console.at('+CMGF=0');
    console.at('+CMGS=17');
    expect(console.type('0021000A819403111111000005E8329BFD06\x1a')).toBe(
      unit('+CMGS: 2') +
        OK +
        unit('+CDS: 24', '07912120550591F906020A819403111111071010000000000710100000000000'),
    );
  });

  test('stored and indicated with <ds> 2', () => {
    const { console } = startText();
    console.at('+CNMI=2,1,0,2,0');
    console.at('+CSMP=49');
    console.at(`+CMGS="${ANN}"`);
    expect(console.type('x\x1a')).toContain(unit('+CDSI: "SM",1'));
    expect(console.at('+CMGR=1')).toBe(unit(`+CMGR: "REC UNREAD",6,1,"${ANN}",145,${AT_0},${AT_0},0`) + OK);
  });
});

test('AT+CSCA sets the service centre, which a restart keeps (9.2.4)', () => {
  const { console } = start();
  expect(console.at('+CSCA?')).toBe(unit('+CSCA: "+12025550199",145') + OK);
  expect(console.at('+CSCA="8613012345678"')).toBe(OK);
  console.module.control.restart();
  console.at('E0');
  expect(console.at('+CSCA?')).toBe(unit('+CSCA: "8613012345678",129') + OK);
  expect(console.at('+CSCA="x"')).toBe(ERROR);
});

test('two emulators on one memory network write to each other', () => {
  const internet = memoryInternet();
  const texts: string[] = [];
  const modules = ['10.0.0.2', '10.0.0.3'].map((address) => emulator({ network: internet.host(address) }));
  const ports = modules.map((module) => observe(module).values[0]);
  const [one, two] = ports;
  two?.received$.subscribe((bytes) => texts.push(String.fromCharCode(...bytes)));
  const type = (text: string) =>
    one && observe(one.write(Uint8Array.from(text, (each) => each.charCodeAt(0))));
  type('AT+CMGF=1\r');
  type(`AT+CMGS="${modules[1]?.control.number}"\r`);
  type('from one to two\x1a');
  expect(texts.join('')).toBe(unit('+CMTI: "SM",1'));
  for (const port of ports) if (port !== undefined) observe(port.close());
});

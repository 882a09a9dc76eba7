import { describe, expect, test } from 'vitest';
import { ERROR, OK, observe, open, unit } from '../../../test/console.js';

// AT command manual V1.09, 2.2.1 to 2.2.4 and 7.2.

const ANN = '+4930111111';

function start() {
  const console = open();
  const { control } = console.module;
  const ann = control.phone(ANN);
  const calls = observe(ann.calls$);
  const newest = () => {
    const call = calls.values.at(-1);
    if (call === undefined) throw new Error('It does not ring.');
    return call;
  };
  return { console, ann, newest, number: control.number };
}

describe('calls that are made', () => {
  test('OK at once, VOICE CALL: BEGIN when answered, the duration at the end', () => {
    const { console, newest, number } = start();
    console.at('+CLCC=1');
    expect(console.at(`D${ANN};`)).toBe(OK + unit(`+CLCC: 1,0,3,0,0,"${ANN}",145`));
    expect(console.at('+CPAS')).toBe(unit('+CPAS: 4') + OK);
    expect(newest().number).toBe(number);
    newest().answer();
    expect(console.printed()).toBe(unit('VOICE CALL: BEGIN') + unit(`+CLCC: 1,0,0,0,0,"${ANN}",145`));
    console.wait(33_000);
    expect(console.at('+CHUP')).toBe(
      OK + unit('VOICE CALL: END: 000033') + unit(`+CLCC: 1,0,6,0,0,"${ANN}",145`),
    );
    expect(newest().state).toBe('ended');
    expect(console.at('+CEER')).toBe(unit('+CEER: "16 Normal call clearing"') + OK);
  });

  test('a call that the other ends', () => {
    const { console, newest } = start();
    console.at(`D${ANN};`);
    newest().answer();
    console.printed();
    console.wait(3_723_000);
    newest().hangUp();
    expect(console.printed()).toBe(unit('VOICE CALL: END: 010203'));
  });

  test('calls that lead nowhere end with NO CARRIER', () => {
    const { console, ann, newest } = start();
    expect(console.at('D123456;')).toBe(OK + unit('NO CARRIER'));
    console.at(`D${ANN};`);
    newest().hangUp();
    expect(console.printed()).toBe(unit('NO CARRIER'));
    expect(console.at('+CEER')).toBe(unit('+CEER: "21 Call rejected"') + OK);
    ann.on = false;
    expect(console.at(`D${ANN};`)).toBe(OK + unit('NO CARRIER'));
  });

  test('ATH hangs up only with AT+CVHU=0 (2.2.3)', () => {
    const { console, newest } = start();
    console.at(`D${ANN};`);
    newest().answer();
    console.printed();
    expect(console.at('H')).toBe(OK);
    console.at('+CVHU=0');
    expect(console.at('H')).toBe(OK + unit('VOICE CALL: END: 000000'));
  });

  test('without a semicolon it is a data call, which there is none of', () => {
    const { console } = start();
    expect(console.at('D*99#')).toBe(unit('NO CARRIER'));
    expect(console.at('D*99***1#')).toBe(unit('NO CARRIER'));
    expect(console.at('D123456')).toBe(unit('NO CARRIER'));
    expect(console.at('D')).toBe(ERROR);
  });

  test('modifiers are ignored, I withholds the number', () => {
    const { console, newest } = start();
    expect(console.at(`DT ${ANN}I;`)).toBe(OK);
    expect(newest().number).toBe('');
  });

  test('tones reach the other end, during a call (7.2.13)', () => {
    const { console, newest } = start();
    expect(console.at('+VTS=1')).toBe(unit('+CME ERROR: operation not allowed'));
    console.at(`D${ANN};`);
    newest().answer();
    const tones = observe(newest().tones$);
    expect(console.at('+VTS="135"')).toContain(OK);
    console.wait(600);
    expect(tones.values).toEqual(['1', '3', '5']);
    expect(console.at('+VTS="x"')).toBe(ERROR);
  });

  test('without a network no call gets through', () => {
    const { console } = start();
    console.module.control.surroundings.registration = 0;
    expect(console.at(`D${ANN};`)).toBe(unit('+CME ERROR: no network service'));
  });
});

describe('calls that ring', () => {
  test('every six seconds, with the number on request, until they are answered (2.2.2)', () => {
    const { console, ann, number } = start();
    console.at('+CLIP=1');
    const call = ann.call(number);
    const ring = unit('RING') + unit(`+CLIP: "${ANN}",145,,,,0`);
    expect(console.printed()).toBe(ring);
    expect(console.wait(12_000)).toBe(ring + ring);
    expect(console.at('+CLCC')).toBe(unit(`+CLCC: 1,1,4,0,0,"${ANN}",145`) + OK);
    expect(console.at('+CPAS')).toBe(unit('+CPAS: 3') + OK);
    expect(console.at('A')).toBe(OK + unit('VOICE CALL: BEGIN'));
    expect(call.state).toBe('active');
    expect(console.wait(60_000)).toBe('');
  });

  test('AT+CRC=1 names the kind; a withheld number is empty (7.2.5, 7.2.10)', () => {
    const { console, ann, number } = start();
    console.at('+CRC=1');
    console.at('+CLIP=1');
    ann.call(number, true);
    expect(console.printed()).toBe(unit('+CRING: VOICE') + unit('+CLIP: "",128,,,,1'));
  });

  test('ATS0 answers by itself after so many rings', () => {
    const { console, ann, number } = start();
    console.at('S0=2');
    const call = ann.call(number);
    expect(console.printed()).toBe(unit('RING'));
    expect(console.wait(6_000)).toBe(unit('RING') + unit('VOICE CALL: BEGIN'));
    expect(call.state).toBe('active');
  });

  test('a call that is given up is missed', () => {
    const { console, ann, number } = start();
    ann.call(number).hangUp();
    expect(console.printed()).toBe(unit('RING') + unit(`MISSED_CALL: 12:00AM ${ANN}`));
    expect(console.wait(60_000)).toBe('');
  });

  test('a call that is rejected', () => {
    const { console, ann, number } = start();
    const call = ann.call(number);
    console.printed();
    expect(console.at('+CHUP')).toBe(OK + unit('VOICE CALL: END'));
    expect(call.ended).toBe('rejected');
  });

  test('nothing to answer: NO CARRIER (2.2.2)', () => {
    expect(start().console.at('A')).toBe(unit('NO CARRIER'));
  });

  test('a second call finds the module busy, or waits with AT+CCWA=1 (7.2.8)', () => {
    const { console, ann, newest, number } = start();
    const bob = console.module.control.phone('+4930222222');
    console.at(`D${ANN};`);
    newest().answer();
    expect(bob.call(number).ended).toBe('busy');
    console.at('+CCWA=1');
    console.printed();
    const second = bob.call(number);
    expect(console.printed()).toBe(unit('+CCWA: "+4930222222",145,1'));
    expect(second.state).toBe('alerting');
    expect(console.at('+CLCC')).toBe(
      unit(`+CLCC: 1,0,0,0,0,"${ANN}",145`, '+CLCC: 2,1,5,0,0,"+4930222222",145') + OK,
    );
    expect(console.at('+CCWA=1,2')).toBe(unit('+CCWA: 1,7') + OK);
    expect(ann.number).toBe(ANN);
  });

  test('a module that is off, or goes off, ends the call for the other', () => {
    const { console, ann, number } = start();
    const call = ann.call(number);
    console.module.control.powerOff();
    expect(call.state).toBe('ended');
    expect(ann.call(number).ended).toBe('unreachable');
  });

  test('AT+CLIP and AT+CCWA outlive a restart, AT+CRC does not', () => {
    const { console } = start();
    for (const command of ['+CLIP=1', '+CCWA=1', '+CRC=1']) console.at(command);
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CLIP?')).toBe(unit('+CLIP: 1,1') + OK);
    expect(console.at('+CCWA?')).toBe(unit('+CCWA: 1') + OK);
    expect(console.at('+CRC?')).toBe(unit('+CRC: 0') + OK);
  });
});

describe('USSD (4.2.3)', () => {
  test('a code and its answer', () => {
    const { console } = start();
    expect(console.at('+CUSD=1,"*100#",15')).toBe(OK + unit('+CUSD: 0,"Your balance is 12.34 EUR.",15'));
    expect(console.at('+CUSD?')).toBe(unit('+CUSD: 1') + OK);
  });

  test('a menu, an answer to it, and a way out', () => {
    const { console } = start();
    expect(console.at('+CUSD=1,"*101#"')).toBe(OK + unit('+CUSD: 1,"1 Balance\n2 Validity",15'));
    expect(console.at('+CUSD=1,"2"')).toBe(OK + unit('+CUSD: 0,"Valid until 31/12/2030.",15'));
    console.at('+CUSD=1,"*101#"');
    expect(console.at('+CUSD=2')).toBe(OK);
    expect(console.at('+CUSD=1,"2"')).toBe(OK + unit('+CUSD: 4'));
  });

  test('in UCS2 both ways, and what the network says by itself', () => {
    const { console, number } = start();
    const { mobile } = console.module.control;
    console.at('+CSCS="UCS2"');
    expect(console.at('+CUSD=1,"002A0031003000300023",15')).toContain('+CUSD: 0,"0059006F00750072');
    mobile.notify(number, { kind: 'notice', text: 'Привет' });
    expect(console.printed()).toBe(unit('+CUSD: 0,"041F04400438043204350442",72'));
    console.at('+CUSD=0');
    mobile.notify(number, { kind: 'notice', text: 'unseen' });
    expect(console.printed()).toBe('');
    expect(console.at('+CUSD=3')).toBe(ERROR);
  });
});

describe('holding (AT+CHLD; 3GPP TS 27.007, 7.13)', () => {
  const BOB = '+4930222222';
  const stateOf = (console: ReturnType<typeof open>) =>
    [...console.at('+CLCC').matchAll(/\+CLCC: (\d),\d,(\d),0,(\d)/g)].map(([, ...fields]) => fields.join());

  function talking() {
    const { console, newest, number } = start();
    console.at(`D${ANN};`);
    newest().answer();
    const bob = console.module.control.phone(BOB);
    const calls = observe(bob.calls$);
    return { console, ann: newest(), bob, bobsCall: () => calls.values.at(-1), number };
  }

  test('a second call puts the first one on hold; 2 swaps them, 3 joins them, 1 ends what is active', () => {
    const { console, ann, bobsCall } = talking();
    expect(console.at(`D${BOB};`)).toContain(OK);
    bobsCall()?.answer();
    expect(stateOf(console)).toEqual(['1,1,0', '2,0,0']);
    expect(console.at('+CHLD=2')).toBe(OK);
    expect(stateOf(console)).toEqual(['1,0,0', '2,1,0']);
    expect(console.at('+CHLD=3')).toBe(OK);
    expect(stateOf(console)).toEqual(['1,0,1', '2,0,1']);
    expect(console.at('+CHLD=22')).toBe(OK);
    expect(stateOf(console)).toEqual(['1,1,0', '2,0,0']);
    console.at('+CHLD=1');
    expect(stateOf(console)).toEqual(['1,0,0']);
    expect(ann.state).toBe('active');
    console.at('+CHLD=11');
    expect(ann.state).toBe('ended');
    expect(console.at('+CHLD=2')).toContain('+CME ERROR');
    expect(console.at('+CHLD=5')).toBe(ERROR);
  });

  test('a call that waits is taken with 2, and rejected with 0', () => {
    const { console, bob, number } = talking();
    console.at('+CCWA=1');
    const second = bob.call(number);
    expect(console.at('+CHLD=2')).toContain('VOICE CALL: BEGIN');
    expect(second.state).toBe('active');
    expect(stateOf(console)).toEqual(['1,1,0', '2,0,0']);
    second.hangUp();
    const third = bob.call(number);
    console.at('+CHLD=0');
    expect(third.ended).toBe('rejected');
  });
});

test('a call is forwarded, and two that forward to each other do not ring for ever (AT+CCFC, 7.2.7)', () => {
  const { console, ann, number } = start();
  const bob = console.module.control.phone('+4930222222');
  const calls = observe(bob.calls$);
  expect(console.at('+CCFC=0,2')).toBe(unit('+CCFC: 0,7') + OK);
  expect(console.at('+CCFC=0,1')).toContain('+CME ERROR');
  console.at('+CCFC=0,3,"+4930222222"');
  expect(console.at('+CCFC=0,2')).toBe(unit('+CCFC: 1,7,"+4930222222",145') + OK);
  const forwarded = ann.call(number);
  expect(calls.values.at(-1)?.number).toBe(ANN);
  calls.values.at(-1)?.answer();
  expect(forwarded.state).toBe('active');
  console.at(`+CCFC=0,3,"${number}"`);
  expect(ann.call(number).ended).toBe('unreachable');
  console.at('+CCFC=0,4');
  expect(console.at('+CCFC=0,2')).toBe(unit('+CCFC: 0,7') + OK);
});

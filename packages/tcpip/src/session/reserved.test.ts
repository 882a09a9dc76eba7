import { isAtError } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import { commandsOf } from './command-line.js';
import { assertSendable, type Circumstances, restarts, setsBack } from './reserved.js';

const PLAIN: Circumstances = { hasPayload: false, connects: false };

/** Why a command line is not sent; undefined if it is. */
function refused(text: string, circumstances: Partial<Circumstances> = {}): string | undefined {
  try {
    assertSendable(commandsOf(text), { ...PLAIN, ...circumstances });
    return undefined;
  } catch (error) {
    return isAtError(error, 'INVALID_ARGUMENT') ? error.message : String(error);
  }
}

describe('a command that asks for data', () => {
  test.each([
    ...[
      'AT+CIPSEND=9,40',
      'AT+CIPSEND=9',
      'at+cipsend=0,,"1.2.3.4",7',
      'AT+CMGF=1;+CMGS="+491700001"',
      'AT+CMGS=20',
    ],
    ...['AT+CMGW="+49"', 'AT+CMGW', 'AT+CCERTDOWN="k.pem",20', 'AT+CMQTTWILLMSG=0,20,1', 'AT+CMQTTSUB=0,9,1'],
    ...['AT+CMQTTTOPIC=0,5', 'AT+CMQTTPAYLOAD=0,5', 'AT+HTTPDATA=20,30', 'AT+CCHSEND=0,5', 'AT+CNMA=1,20'],
  ])('%s is not sent', (text) => {
    expect(refused(text)).toMatch(/^AT\+[A-Z]+ was not sent: it asks for data, .*\.$/);
    expect(refused(text)).not.toContain('..');
  });

  test.each([
    'AT+CIPSEND?',
    'AT+CMGS=?',
    'AT+CMQTTSUB=0',
    'AT+CMQTTUNSUB=0,1',
    'AT+CNMA',
    'AT+CNMA=1',
    'AT+CHTTPSSEND',
  ])('%s asks for none', (text) => {
    expect(refused(text)).toBeUndefined();
  });

  test('is sent with a payload, if it is the last one of its line', () => {
    expect(refused('AT+CMGF=1;+CMGS="1"', { hasPayload: true })).toBeUndefined();
    expect(refused('AT+CMGS="1";+CSQ', { hasPayload: true })).toMatch(/\+CMGS was not sent/);
  });
});

describe('a command that changes how the module talks', () => {
  test.each([
    ...['ATE1', 'ATV0', 'ATV', 'ATQ1', 'ATE0V0', 'ATS3=10', 'ATS4=65', 'ATS5=65', 'AT+CSQ;+CMUX=0'],
    ...['AT+IPR=9600', 'AT+IPREX=9600', 'AT+ICF=2,1', 'AT+CATR=2'],
  ])('%s is not sent', (text) => {
    expect(refused(text)).toMatch(/was not sent: /);
  });

  test.each([
    ...[
      'ATE0',
      'ATE',
      'ATV1',
      'ATQ0',
      'ATQ',
      'ATS3=13',
      'ATS3=013',
      'ATS3?',
      'ATS0=1',
      'AT&F',
      'ATZ',
      'ATZ0',
      'ATI',
      'AT&W',
    ],
    ...['AT+IPR?', 'AT+IPR=?', 'AT+CMUX?', 'AT+CATR=0', 'AT+CATR?', 'AT+CGDCONT=1,"IP","a;E1"', 'AT'],
  ])('%s changes nothing', (text) => {
    expect(refused(text)).toBeUndefined();
  });
});

test('a command that leads to data mode is not sent, unless that is expected', () => {
  for (const text of ['ATO', 'ATO0', 'ATD*99#', 'ATDT5551234', 'AT+CGDATA="PPP",1']) {
    expect(refused(text)).toMatch(/data mode/);
    expect(refused(text, { connects: true })).toBeUndefined();
  }
  expect(refused('ATD+491700009;')).toBeUndefined();
  expect(refused('ATA')).toBeUndefined();
});

test('commands that set back how the module talks, and those that restart it', () => {
  const all = (text: string) => commandsOf(text).map((command) => [setsBack(command), restarts(command)]);
  expect(all('AT&F;+CRESET;Z;E0')).toEqual([
    [true, false],
    [false, true],
    [true, false],
    [false, false],
  ]);
  expect(all('AT+CFUN=1,1;+CFUN=6;+CFUN=1;+CFUN?;+CPOF').map(([, restart]) => restart)).toEqual([
    ...[true, true, false, false, true],
  ]);
});

import { describe, expect, test } from 'vitest';
import { recorded } from '../../test/recorded.js';

const entries = (file: string) =>
  file
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as { at: number; way: string; text: string })
    .map(({ at, way, text: shown }) => `${at} ${way} ${shown}`);

describe('record', () => {
  test('writes a header and an entry for each line, with its time', () => {
    const { sends, prints, after, finish } = recorded();
    sends('AT\r');
    after(5, () => prints('\r\nO'));
    after(7, () => prints('K\r\n'));
    const file = finish();
    expect(JSON.parse(file.split('\n')[0] ?? '')).toEqual({
      format: 'a7600-recording',
      version: 1,
      redacted: true,
    });
    expect(entries(file)).toEqual(['0 sent AT\r', '5 received \r\n', '7 received OK\r\n']);
  });

  test('takes payload out, in both directions, and keeps its length', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CIPSEND=0,6\r');
    prints('\r\n>');
    sends('secret');
    prints('\r\nOK\r\n');
    sends('AT+CIPRXGET=2,0\r');
    prints('\r\n+CIPRXGET: 2,0,8,0\r\nmy');
    prints('\r\nmail\r\nOK\r\n');
    prints('\r\n+IPD4\r\nbody\r\n+CSQ: 1,2\r\n');
    const file = finish();
    expect(file).not.toMatch(/secret|mail|body/);
    expect(entries(file)).toContain('0 sent ██████');
    expect(
      entries(file)
        .filter((line) => line.includes('█'))
        .join('')
        .match(/█/g),
    ).toHaveLength(6 + 8 + 4);
    expect(file).toContain('+CSQ: 1,2');
  });

  test.each([
    ['AT+CGDCONT=1,"IP","private.apn"\r', 'private.apn'],
    ['AT+CPIN="1234"\r', '1234'],
    ['AT+CPIN=1234\r', '1234'],
    ['ATD+491701234567;\r', '491701234567'],
    ['AT+CMGS="+491701234567"\r', '491701234567'],
    ['\r\n+CGDCONT: 1,"IP","private.apn","10.0.0.1",0,0\r\n', 'private.apn'],
    ['\r\n460012345678901\r\n', '460012345678901'],
    ['\r\n+ICCID: 89860012345678901234\r\n', '89860012345678901234'],
    ['IMEI: 861234567890123\r\n', '861234567890123'],
    ['\r\n+CLIP: "+491701234567",145\r\n', '491701234567'],
    ['at+cgdcont=1,"ip","private.apn"\r', 'private.apn'],
    ['AT+CGDCONT=1,"IP",private.apn\r', 'private.apn'],
    ['AT+CGAUTH=1,1,"pass word","user"\r', 'pass word'],
    ['\r\n+CGCONTRDP: 1,5,"private.apn","10.0.0.1"\r\n', 'private.apn'],
    ['\r\n+CNUM: "me","+491701234567",145\r\n', '491701234567'],
    ['\r\n+CMGL: 1,"REC UNREAD","+491701234567","","23/11/01"\r\n', '491701234567'],
    ['\r\n+CSCA: "+491710760000",145\r\n', '491710760000'],
    ['\r\n8612345678901234\r\n', '8612345678901234'],
  ])('takes the secret out of %j', (line, secret) => {
    const { sends, prints, finish } = recorded();
    if (line.startsWith('AT')) sends(line);
    else for (const char of line) prints(char);
    const file = finish();
    expect(file).not.toContain(secret);
    expect(file).toContain('█'.repeat(secret.length));
  });

  test('finds a secret that is typed character by character, with echo', () => {
    const { sends, prints, finish } = recorded();
    for (const char of 'AT+CPIN=1234\r') {
      sends(char);
      prints(char);
    }
    prints('\r\nOK\r\n');
    expect(entries(finish())).toEqual([
      '0 sent AT+CPIN=████\r',
      '0 received AT+CPIN=████\r\r\n',
      '0 received OK\r\n',
    ]);
  });

  test('payload may look like a command, and has no length when Ctrl-Z ends it', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CIPSEND=0,9\r');
    prints('\r\n>');
    sends('ATTACK at');
    prints('\r\nOK\r\n');
    sends('AT+CIPSEND=0,\r');
    prints('\r\n>');
    sends('AT mid');
    sends('night\x1a');
    sends('AT+CIPSEND=1,5\r');
    prints('\r\nERROR\r\n');
    sends('AT+CSQ\r');
    const file = finish();
    expect(file).not.toMatch(/ATTACK|mid|night/);
    expect(file).toContain('AT+CSQ');
  });

  /** Payload that is a line of the protocol, with a number that nothing but its place shows to be a secret. */
  const LOOKS_PUBLIC = 'AT+CSQ=4321\r\n';

  test.each([
    ['AT+CIPSEND = 0 , 13\r', '\r\n>'],
    ['AT+CMEE=2;+CIPSEND=0,13\r', '\r\n>'],
    ['ATE0+CIPSEND=0,13\r', '\r\n> '],
    ['AT+CMGS = "+49"\r', '\r\n> '],
    ['AT+CMGW\r', '\r\n>'],
    ['AT+CCERTDOWN="a;b",13\r', '\r\n>'],
    ['AT+CFTRANRX="c:/k.pem",13\r', '\r\n>'],
    ['at+cmqttsub=0, 13,1\r', '\r\n>'],
    ['AT+CHTTPSSEND=13\r', '\r\n>'],
    ['AT+HTTPDATA=13,1000\r', '\r\nDOWNLOAD\r\n'],
    ['AT+XANY\r', '\r\n>'],
    ['AT+CIPSEND=0,13\r', '\r\nERROR\r\n\r\n>'],
  ])('knows payload by the command before it, or by the prompt: %j', (command, prompt) => {
    const { sends, prints, finish } = recorded();
    sends(command);
    prints(prompt);
    sends(LOOKS_PUBLIC);
    prints('\r\nOK\r\n');
    sends('AT+CMEE=2\r');
    const shown = entries(finish()).join(' ');
    expect(shown).not.toContain('4321');
    expect(shown).toMatch(/AT\+CMEE=2\r$/);
  });

  test.each([
    '+CIPRXGET:2,0,13,0',
    '+CIPRXGET: 2, 0, 13, 0',
    'OK+CIPRXGET: 2,0,13,0',
    '+CIPRXGET: 2,0,1?,0',
    '+IPD 13',
    '+IPD1?',
    '+RECEIVE: 0,13',
    '+CCHRECV: DATA, 0, 13',
    '+HTTPREAD:13',
    '+HTTPHEAD: DATA,13',
    '+CHTTPSRECV: DATA,13',
    '+CMQTTRXTOPIC: 0,13',
    '+CMQTTRXPAYLOAD: 0,13',
    '+CFTRANTX: DATA,13',
    '+CBM: 1,2,3,4,5',
  ])('knows payload by the line before it, also a damaged one: %j', (header) => {
    const { prints, finish } = recorded();
    prints(`\r\n${header}\r\n${LOOKS_PUBLIC}\r\nOK\r\n\r\n+CSQ: 20,99\r\n`);
    const shown = entries(finish()).join(' ');
    expect(shown).not.toContain('4321');
    expect(shown).toContain('+CSQ: 20,99');
  });

  test.each(['+HTTPREAD: LEN,13', '+CHTTPSRECV: LEN,13', '+CCHRECV: 0,0'])('%j announces none', (line) => {
    const { prints, finish } = recorded();
    prints(`\r\n${line}\r\n\r\n+CSQ: 20,99\r\n`);
    expect(entries(finish()).join(' ')).toContain('+CSQ: 20,99');
  });

  test('takes messages out', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CMGS="+491701234567"\r');
    prints('\r\n> ');
    sends('meet me\x1a');
    prints('\r\n+CMT: "+491701234567",,"23/11/01"\r\nat noon\r\n+CSQ: 1,2\r\n');
    const file = finish();
    expect(file).not.toMatch(/meet|noon|4917/);
    expect(file).toContain('+CSQ: 1,2');
  });

  test('everything is payload in data mode, until the module says that it is over', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CIPOPEN=0,"TCP","10.0.0.1",80\r');
    prints('\r\nCONNECT 115200\r\nhel');
    prints('lo\r\nOK\r\n');
    sends('AT secret\r');
    sends('+++');
    prints('late\r\nO');
    prints('K\r\n');
    sends('ATO\r');
    prints('\r\nCONNECT 115200\r\nmore\r\nCLOSED\r\n');
    sends('AT\r');
    const file = finish();
    expect(file).not.toMatch(/hel|lo\\r|secret|late|more/);
    expect(file).toContain('AT+CIPOPEN=0,\\"TCP\\",\\"████████\\",80');
    expect(
      entries(file)
        .map((line) => line.slice(2))
        .filter((line) => !line.includes('█')),
    ).toEqual([
      'received \r\n',
      'received CONNECT 115200\r\n',
      'sent +++',
      'received \r\nOK\r\n',
      'sent ATO\r',
      'received \r\n',
      'received CONNECT 115200\r\n',
      'received \r\nCLOSED\r\n',
      'sent AT\r',
    ]);
  });

  test('shows no long number after data mode was left by a line that the peer may have sent', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CIPTIMEOUT=75123,15000,120000\r');
    prints('\r\nCONNECT 115200\r\nhello\r\nCLOSED\r\n');
    prints('\r\n+CSQ: 4827163\r\n');
    sends('AT+CIPTIMEOUT=4827163,15000\r');
    prints('\r\n+CIPRXGET: 2,0,1460,0\r\n');
    const file = finish();
    expect(file).not.toMatch(/482|716/);
    expect(file).toContain('AT+CIPTIMEOUT=75123,15000,120000');
    expect(file).toContain('CONNECT 115200');
    expect(file).toContain('+CIPRXGET: 2,0,1460,0');
  });

  test('shows no long number after a message whose end is not known', () => {
    const { prints, finish } = recorded();
    prints('\r\n+CMT: "+491701234567","","26/01/01"\r\nfirst\r\nAT+CIPTIMEOUT=482713\r\n');
    expect(finish()).not.toMatch(/4827|first/);
  });

  test('shows the rate of the line that enters data mode again', () => {
    const { prints, finish } = recorded();
    prints('\r\nCONNECT 115200\r\n\r\nCLOSED\r\n');
    prints('\r\nCONNECT 921600\r\n');
    expect(finish()).toContain('CONNECT 921600');
  });

  test('keeps the number of a network', () => {
    const { prints, finish } = recorded();
    prints('\r\n+COPS: 0,2,"26201",7\r\n');
    expect(finish()).toContain('26201');
  });

  test('keeps everything when it is told to', () => {
    const { sends, finish } = recorded(false);
    sends('AT+CPIN="1234"\r');
    sends('\0\xff');
    expect(entries(finish())).toEqual(['0 sent AT+CPIN="1234"\r', '0 sent \0\xff']);
  });
});

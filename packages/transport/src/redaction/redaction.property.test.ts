import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { linkPair } from '../link-pair.js';
import { record } from '../recording/record.js';
import { redactLine } from './redact-line.js';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Something that no protocol knows: words of letters and digits that are in no table. */
const secret = fc.oneof(
  fc.stringMatching(/^[b-df-hj-np-tv-z]{3}[0-9][b-df-hj-np-tv-z]{3,12}$/),
  fc.stringMatching(/^[1-9][0-9]{8,18}$/),
);

/** Each kind of secret, where it stands: before it and after it, and whose line it is. */
const KINDS: Readonly<Record<string, readonly ['host' | 'module', before: string, after: string][]>> = {
  'a PIN': [
    ['host', 'AT+CPIN="', '"\r'],
    ['host', 'AT+CPIN=', '\r'],
    ['host', 'at+cpin = "', '"\r'],
    ['host', 'AT+CMEE=2;+CPIN="', '"\r'],
    ['host', 'AT+CLCK="SC",1,"', '"\r'],
    ['host', 'AT+CPWD="SC","', '","0000"\r'],
    ['module', 'AT+CPIN="', '"\r\r\nOK\r\n'],
    ['module', 'T+CPIN="', '"\r\r\n'],
  ],
  'an access point, its user and password': [
    ['host', 'AT+CGDCONT=1,"IP","', '"\r'],
    ['host', 'AT+CGDCONT=1,"IP",', '\r'],
    ['host', 'AT+CGAUTH=1,1,"user","', '"\r'],
    ['host', 'AT+CGAUTH=1,1,"', '","user"\r'],
    ['host', 'AT+CSTT="apn","user","', '"\r'],
    ['module', '\r\n+CGDCONT: 1,"IP","', '","0.0.0.0",0,0\r\n'],
    ['module', '\r\n+CGCONTRDP: 1,5,"', '","10.0.0.1"\r\n'],
  ],
  'a host, an address, an URL': [
    ['host', 'AT+CIPOPEN=0,"TCP","', '",80\r'],
    ['host', 'AT+CDNSGIP="', '"\r'],
    ['host', 'AT+HTTPPARA="URL","http://', '/"\r'],
    ['module', '\r\n+CLIENT: 0,0,', '\r\n'],
    ['module', '\r\n+IPADDR: ', '\r\n'],
    ['module', '\r\n+CDNSGIP: 1,"', '","1.2.3.4"\r\n'],
    ['module', '\r\nRECV FROM:', ':5\r\n'],
  ],
  'a credential of another service': [
    ['host', 'AT+CMQTTCONNECT=0,"tcp://h:1883",60,1,"user","', '"\r'],
    ['host', 'AT+CFTPSLOGIN="h",21,"user","', '",0\r'],
    ['host', 'AT+HTTPPARA="USERDATA","Authorization: Bearer ', '"\r'],
    ['host', 'AT+CMQTTACCQ=0,"', '",1\r'],
    ['host', 'AT+CSSLCFG="clientkey",0,"', '"\r'],
  ],
  'a number or identity': [
    ['host', 'ATD+49', ';\r'],
    ['host', 'AT+CMGS="+49', '"\r'],
    ['module', '\r\n+CNUM: "","+49', '",145\r\n'],
    ['module', '\r\n+CLIP: "+49', '",145,,,,0\r\n'],
    ['module', '\r\n+ICCID: ', '\r\n'],
    ['module', '\r\n+SIMEI: ', '\r\n'],
    ['module', '\r\n', '\r\n\r\nOK\r\n'],
    ['module', '\r\nIMEI: ', '\r\n'],
    ['module', '\r\n+CGSN: ', '\r\n'],
  ],
  'a message or a USSD answer': [
    ['module', '\r\n+CMT: "+49","","26/01/01"\r\nfirst\r\n', ' second\r\n'],
    ['module', '\r\n+CMGR: "REC READ","+49","","26/01/01"\r\nfirst\r\n', '\r\n\r\nOK\r\n'],
    ['module', '\r\n+CUSD: 0,"your code ', '",15\r\n'],
  ],
  'a place': [
    ['module', '\r\n+CREG: 2,1,"', '","0123"\r\n'],
    ['module', '\r\n+CGPSINFO: ', ',N,00832.0,E\r\n'],
    ['module', '\r\n+CPSI: LTE,Online,', ',0x1\r\n'],
    ['module', '\r\n+CLBS: 0,', '\r\n'],
  ],
  payload: [
    ['host', 'AT+CIPSEND=0,\r', '\x1a'],
    ['host', 'AT+CIPSENDSTR=0,"', '"\r'],
    ['host', 'AT+CCERTDOWN="k.pem",7\r', ''],
    ['host', '', ''],
    ['module', '\r\n+CIPRXGET: 2,0,40,0\r\n', '\r\nOK\r\n'],
    ['module', '\r\n+IPD40\r\n', ''],
    ['module', '', '\r\nOK\r\n\r\n+CIPSEND: 0,7,7\r\n'],
    ['module', '\r\n+CIPRXGET: 2,0,40,', ''],
  ],
  'data after a forged end': [
    ['module', '\r\nCONNECT 115200\r\nhello\r\nCLOSED\r\n', ' more\r\n'],
    ['module', '\r\nCONNECT\r\n\r\nNO CARRIER\r\n', '\r\n'],
    ['module', '\r\nCONNECT\r\n\r\nCLOSED\r\nAT+LOGIN="', '"\r\n'],
  ],
};

const placed = fc
  .constantFrom(...Object.values(KINDS).flat())
  .map(([side, before, after]) => ({ side, before, after }));

describe('a secret', () => {
  test('stays out of a recording, whatever its kind, and however the stream is cut', () => {
    fc.assert(
      fc.property(
        secret,
        placed,
        fc.array(fc.nat(12), { maxLength: 60 }),
        (hidden, { side, before, after }, cuts) => {
          const file: string[] = [];
          const [host, device] = linkPair();
          const link = record(host, (line) => file.push(line));
          link.received$.subscribe({ error: () => {} });
          device.received$.subscribe({ error: () => {} });
          const from = side === 'host' ? link : device;
          let rest = before + hidden + after;
          for (let at = 0; rest !== ''; at++) {
            const size = 1 + (cuts[at] ?? 100);
            from.write(bytes(rest.slice(0, size))).subscribe({ error: () => {} });
            rest = rest.slice(size);
          }
          link.close().subscribe();
          const shown = file.slice(1).map((line) => (JSON.parse(line) as { text: string }).text);
          expect(shown.join('')).not.toContain(hidden);
          expect(shown.join('').length).toBe((before + hidden + after).length);
        },
      ),
      { numRuns: effort(800, 3_000) },
    );
  });

  test('a redacted line has the length of the line, and is not changed by being redacted again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 80 }), (line) => {
        const once = redactLine(line);
        expect(once).toHaveLength(line.length);
        expect(redactLine(once)).toBe(once);
      }),
      { numRuns: effort(1_500, 5_000) },
    );
  });
});

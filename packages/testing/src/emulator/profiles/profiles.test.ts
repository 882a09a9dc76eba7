import { describe, expect, test } from 'vitest';
import { connected, ERROR, OK, open, openOnline, say, unit } from '../../../test/console.js';
import { a76xx } from './a76xx.js';
import { note100 } from './note-1.00.js';
import type { Profile } from './profile.js';
import { sim7600 } from './sim7600.js';

/** What the same thing looks like on each of them: a76xx, note-1.00, sim7600. */
type Row = readonly [what: string, act: (profile: Profile) => string, ...printed: [string, string, string]];

const SEVEN = '+CIPCCFG: 10,0,0,1,0,0,500';

const rows: readonly Row[] = [
  [
    'the types of AT+CIPOPEN=? (Q-17)',
    (profile) => open({ profile }).at('+CIPOPEN=?'),
    unit('+CIPOPEN: (0-9),("TCP","UDP","UDP SERVER")') + OK,
    unit('+CIPOPEN: (0-9),("TCP","UDP")') + OK,
    unit('+CIPOPEN: (0-9),("TCP","UDP")') + OK,
  ],
  [
    'the groups of AT+CIPRXGET=? (3.5, Q-17)',
    (profile) => open({ profile }).at('+CIPRXGET=?'),
    unit('+CIPRXGET: (0-5),(0-9),(1-1500)') + OK,
    unit('+CIPRXGET: (0-4),(0-9),(1-1500)') + OK,
    unit('+CIPRXGET: (0-4),(1-1500)') + OK,
  ],
  [
    'the fields of AT+CIPCCFG? (3.12, Q-17)',
    (profile) => open({ profile }).at('+CIPCCFG?'),
    unit(`${SEVEN},0`) + OK,
    unit(SEVEN) + OK,
    unit(SEVEN) + OK,
  ],
  [
    'AT+CIPSEND? (3.4)',
    (profile) => openOnline({ profile }).at('+CIPSEND?'),
    ERROR,
    ERROR,
    unit('+CIPSEND: (0-9),(1-1500)') + OK,
  ],
  [
    'AT+IPADDR while the network is closed (Q-5)',
    (profile) => open({ profile }).at('+IPADDR'),
    unit('+IP ERROR: Network not opened') + ERROR,
    unit('+IPADDR: Network not opened') + ERROR,
    unit('+IP ERROR: Network not opened') + ERROR,
  ],
  [
    'AT+NETOPEN without a bearer (3.1)',
    (profile) => {
      const console = open({ profile, surroundings: { bearer: false } });
      return console.at('+NETOPEN') + console.wait(0);
    },
    OK + unit('+NETOPEN: 1'),
    OK + unit('+NETOPEN: 1'),
    ERROR,
  ],
  [
    'the number of "no data" (Q-19)',
    (profile) => {
      const console = openOnline({ profile });
      console.at('+CIPCCFG=,,,0');
      return console.at('+CIPRXGET=2,1');
    },
    unit('+IP ERROR: 22') + ERROR,
    unit('+IP ERROR: 22') + ERROR,
    unit('+IP ERROR: 21') + ERROR,
  ],
  [
    'a read in direct push mode (3.5)',
    (profile) => {
      const console = openOnline({ profile });
      console.at('+CIPRXGET=0');
      return console.at('+CIPRXGET=4,1');
    },
    unit('+CIPRXGET: 4,1,0') + OK,
    unit('+CIPRXGET: 4,1,0') + OK,
    unit('+IP ERROR: Operation not supported') + ERROR,
  ],
  [
    'AT+SERVERSTOP (Q-7)',
    (profile) => {
      const console = openOnline({ profile });
      console.at('+SERVERSTART=7,0');
      return console.at('+SERVERSTOP=0');
    },
    OK + unit('+SERVERSTOP: 0,0'),
    unit('+SERVERSTOP: 0,0') + OK,
    unit('+SERVERSTOP: 0,0') + OK,
  ],
  [
    'AT+CIPCFG="DATAECHO" (3.4)',
    (profile) => open({ profile }).at('+CIPCFG="DATAECHO",OFF'),
    OK,
    ERROR,
    ERROR,
  ],
  [
    'the first lines of a start (6)',
    (profile) => {
      const console = open({ profile });
      console.module.control.restart();
      return console.printed().split('\r\n').filter(Boolean).slice(0, 3).join(', ');
    },
    '*ATREADY: 1, +CPIN: READY, SMS DONE',
    '*ATREADY: 1, +CPIN: READY, SMS DONE',
    'RDY, +CPIN: READY, SMS DONE',
  ],
];

describe.each(rows)('%s', (_, act, ...printed) => {
  test.each(
    [a76xx, note100, sim7600].map((profile, index) => [profile.name, profile, printed[index]] as const),
  )('%s', (_name, profile, expected) => {
    expect(act(profile)).toBe(expected);
  });
});

test('SIM7600: going back to direct push prints what was buffered (protocol 9.4)', () => {
  const console = openOnline({ profile: sim7600 });
  say(connected(console), 'data');
  console.printed();
  expect(console.at('+CIPRXGET=0')).toContain('+IPD4\r\ndata');
});

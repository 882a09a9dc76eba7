import { describe, expect, test } from 'vitest';
import {
  bound,
  type Console,
  type ConsoleOptions,
  connected,
  OK,
  open,
  openOnline,
  say,
} from '../../../test/console.js';
import { acknowledgement } from '../behaviours/acknowledgement.js';
import { close } from '../behaviours/close.js';
import { dataMode } from '../behaviours/data-mode.js';
import { general } from '../behaviours/general.js';
import { line } from '../behaviours/line.js';
import { names } from '../behaviours/names.js';
import { network } from '../behaviours/network.js';
import { open as opening } from '../behaviours/open.js';
import { operator } from '../behaviours/operator.js';
import { pdp } from '../behaviours/pdp.js';
import { power } from '../behaviours/power.js';
import { radio } from '../behaviours/radio.js';
import { receive } from '../behaviours/receive.js';
import { send } from '../behaviours/send.js';
import { servers } from '../behaviours/servers.js';
import { sim } from '../behaviours/sim.js';
import { socketParameters } from '../behaviours/socket-parameters.js';
import { socketSettings } from '../behaviours/socket-settings.js';
import { v250 } from '../behaviours/v250.js';
import { instant } from '../timing.js';

/** A setting, and something that is another with it than without it; reading it back does not count. */
interface Effect {
  readonly set: string;
  readonly begin?: (options: ConsoleOptions) => Console;
  readonly options?: ConsoleOptions;
  readonly seen: (console: Console) => unknown;
}

const printedFor = (console: Console, text: string) => {
  console.printed();
  console.module.control.report(text);
  return console.printed();
};
const pushed = (console: Console) => {
  const far = connected(console, 1);
  console.printed();
  say(far, 'data');
  return console.printed() + console.wait(500);
};
const pushing = (options: ConsoleOptions) => {
  const console = openOnline(options);
  console.at('+CIPRXGET=0');
  return console;
};
const transparentLine = (console: Console) => {
  console.at('+CIPMODE=1');
  console.at('+NETOPEN');
  console.outside.serve('10.0.9.9', 1).subscribe(() => {});
  return console.at('+CIPOPEN=0,"TCP","10.0.9.9",1');
};
const withUart = { uart: { baudRate: 115_200 }, timing: instant };
const typedSlowly = (console: Console) => {
  console.type('AT\r');
  return console.wait(100);
};
/** Sends to a peer that takes nothing, until the module says that it waits no more. */
const sendTimes = (console: Console) => {
  const far = connected(console, 1);
  far.pause();
  console.at('+CIPSENDMODE=1');
  console.outside.host('10.0.9.9').vanish();
  console.at('+CIPSEND=1,2');
  return console.type('ab') + console.wait(10_000);
};

const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  E: [{ set: 'E1', seen: (console) => console.at('') }],
  Q: [{ set: 'Q1', seen: (console) => console.at('') }],
  V: [{ set: 'V0', seen: (console) => console.at('') }],
  X: [{ set: 'X0', seen: transparentLine }],
  '+CMEE': [{ set: '+CMEE=1', seen: (console) => console.at('+CPIN="1"') }],
  S3: [{ set: 'S3=35', seen: (console) => console.type('AT\r') }],
  S4: [{ set: 'S4=35', seen: (console) => console.at('') }],
  S5: [{ set: 'S5=35', seen: (console) => console.at('+CSX#Q') }],
  '&S': [{ set: '&S1', seen: ({ module }) => module.control.dsr }],
  '&C': [{ set: '&C0', seen: ({ module }) => module.control.dcd }],
  '&D': [
    {
      set: '&D1',
      seen: (console) => {
        transparentLine(console);
        console.module.control.dtr = false;
        return console.module.control.state.mode;
      },
    },
  ],
  '+IPR': [{ set: '+IPR=9600', seen: typedSlowly, options: withUart }],
  '+IPREX': [
    {
      set: '+IPREX=9600',
      seen: (console) => {
        console.module.control.restart();
        return console.module.control.state.settings.format.baudRate;
      },
    },
  ],
  '+ICF': [{ set: '+ICF=5,1', seen: typedSlowly, options: withUart }],
  '+IFC': [
    {
      set: '+IFC=2,2',
      options: { uart: { baudRate: 115_200, rtscts: true, hostFifo: 128 } },
      seen: (console) => {
        console.wait(100);
        console.pause();
        console.type(`AT${'+CSQ;'.repeat(60)}\r`);
        console.wait(1_000);
        return console.module.control.lostByHost > 0;
      },
    },
  ],
  '+CSCLK': [
    {
      set: '+CSCLK=1',
      seen: (console) => {
        console.module.control.dtr = false;
        return console.at('');
      },
    },
  ],
  '+CATR': [{ set: '+CATR=3', seen: (console) => printedFor(console, '+CPIN: READY') }],
  '+CURCD': [
    {
      set: '+CURCD=500,1',
      seen: (console) => {
        console.module.control.loseBearer();
        return console.printed();
      },
    },
  ],
  '+CFGRI': [
    {
      set: '+CFGRI=1',
      seen: (console) => {
        let pulses = 0;
        console.module.control.events$.subscribe(({ kind }) => {
          if (kind === 'ring pulse') pulses += 1;
        });
        printedFor(console, '+CPIN: READY');
        return pulses;
      },
    },
  ],
  '+AUTOCSQ': [{ set: '+AUTOCSQ=1,0', seen: (console) => console.wait(6_000) }],
  ...Object.fromEntries(
    ['+CREG', '+CGREG', '+CEREG'].map((command) => [
      command,
      [1, 2].map((value) => ({
        set: `${command}=${value}`,
        seen: (console: Console) => {
          console.module.control.surroundings.registration = 5;
          return console.printed();
        },
      })),
    ]),
  ),
  '+COPS': [{ set: '+COPS=3,2', seen: (console) => console.at('+COPS?') }],
  '+CGDCONT': [{ set: '+CGDCONT=2,"IP","x"', seen: (console) => console.at('+CGACT=1,2') }],
  '+CSOCKSETPN': [{ set: '+CSOCKSETPN=1,6', seen: (console) => console.at('+NETOPEN') }],
  '+CIPRXGET': [{ set: '+CIPRXGET=0', begin: openOnline, seen: pushed }],
  '+CIPHEAD': [{ set: '+CIPHEAD=0', begin: pushing, seen: pushed }],
  '+CIPSRIP': [{ set: '+CIPSRIP=0', begin: pushing, seen: pushed }],
  '+CIPMODE': [
    {
      set: '+CIPMODE=1',
      seen: (console) => {
        console.at('+NETOPEN');
        console.outside.serve('10.0.9.9', 1).subscribe(() => {});
        return console.at('+CIPOPEN=0,"TCP","10.0.9.9",1');
      },
    },
  ],
  '+CIPSENDMODE': [
    {
      set: '+CIPSENDMODE=1',
      begin: openOnline,
      seen: (console) => {
        connected(console, 1);
        console.outside.host('10.0.9.9').vanish();
        console.at('+CIPSEND=1,2');
        return console.type('ab');
      },
    },
  ],
  '+CIPTIMEOUT': [
    {
      set: '+CIPTIMEOUT=3000',
      options: { timing: { ...instant, netOpen: 5_000 } },
      seen: (console) => console.at('+NETOPEN') + console.wait(10_000),
    },
    {
      set: '+CIPTIMEOUT=,3000',
      begin: openOnline,
      seen: (console) => {
        console.outside.host('10.0.9.9').conditions.closedPorts = 'drop';
        return console.at('+CIPOPEN=1,"TCP","10.0.9.9",1') + console.wait(5_000);
      },
    },
    { set: '+CIPTIMEOUT=,,3000', begin: openOnline, seen: sendTimes },
  ],
  '+CTCPKA': [
    {
      set: '+CTCPKA=1,1,1,1',
      begin: openOnline,
      seen: (console) => {
        connected(console, 1);
        console.outside.host('10.0.9.9').vanish();
        return console.wait(600_000);
      },
    },
  ],
  '+CSOC': [
    {
      set: '+CSOC="RecvWin",1000',
      begin: openOnline,
      seen: (console) => {
        say(connected(console, 1), 'x'.repeat(5_000));
        return console.module.control.state.links[1]?.unread;
      },
    },
    {
      set: '+CSOC="DnsTmr",1',
      begin: openOnline,
      seen: (console) => {
        console.module.control.stallBearer();
        return console.at('+CDNSGIP="example.com"') + console.wait(2_000);
      },
    },
  ],
  '+CIPCFG': [
    {
      set: '+CIPCFG="transwaittm",500',
      seen: (console) => {
        let heard = 0;
        console.at('+CIPMODE=1');
        console.at('+NETOPEN');
        console.outside.serve('10.0.9.9', 1).subscribe((far) =>
          far.received$.subscribe(({ length }) => {
            heard += length;
          }),
        );
        console.at('+CIPOPEN=0,"TCP","10.0.9.9",1');
        console.type('x');
        console.wait(200);
        return heard;
      },
    },
    {
      set: '+CIPCFG="DATAECHO",OFF',
      begin: (options) => openOnline({ ...options, echo: true }),
      seen: (console) => {
        connected(console, 1);
        console.at('+CIPSEND=1,2');
        return console.type('ab');
      },
    },
  ],
  '+CIPCCFG': [
    { set: '+CIPCCFG=10,400,0,1,0,0,500', begin: pushing, seen: (console) => delayed(console) },
    { set: '+CIPCCFG=10,0,0,0,0,0,500', seen: (console) => console.at('+CIPCLOSE=99') },
    { set: '+CIPCCFG=10,0,0,1,1,0,500', begin: pushing, seen: pushed },
    {
      set: '+CIPCCFG=10,0,0,1,0,0,500,1',
      seen: (console) => {
        console.at('+CIPRXGET=1');
        console.at('+NETOPEN');
        const peer = bound(console, 2, '"10.0.9.9",5254,5000');
        peer.say('one');
        peer.say('two');
        return console.at('+CIPRXGET=2,2,100');
      },
    },
  ],
};

/** What was pushed without time passing. */
const delayed = (console: Console) => {
  const far = connected(console, 1);
  console.printed();
  say(far, 'data');
  return console.printed();
};

/** Commands whose value says what to do now; their own tests show that they do it. */
const ACTIONS =
  '&F &W Z +FCLASS +CPIN +CFUN +CGACT +CGATT +CGPADDR +NETOPEN +NETCLOSE +CIPOPEN +CIPCLOSE +CIPSEND +CIPSENDSTR +SERVERSTART +SERVERSTOP +CIPACK +CDNSGIP'.split(
    ' ',
  );

/** Settings that are stored and shown, and change nothing else here, and why. */
const STORED_ONLY: Readonly<Record<string, string>> = {
  S0: 'calls are answered by it; its own tests are with the calls',
  ...Object.fromEntries(
    ['S6', 'S7', 'S8', 'S9', 'S10', 'S11'].map((name) => [name, 'about dialling data calls']),
  ),
  L: 'there is no loudspeaker',
  M: 'there is no loudspeaker',
  '+CTZU': 'the time of the network is with the clock',
  '+CTZR': 'the time of the network is with the clock',
  '+CDNSCFG': 'the network that the module is given resolves names by itself',
};

const parts = [
  acknowledgement,
  close,
  dataMode,
  general,
  line,
  names,
  network,
  opening,
  operator,
  pdp,
  power,
];
const more = [radio, receive, send, servers, sim, socketParameters, socketSettings, v250];
const known = [...parts, ...more].flat().filter(({ write }) => write !== undefined);

test('every command that takes a value has an effect, is an action, or is known to have none', () => {
  const described = [...Object.keys(EFFECTS), ...ACTIONS, ...Object.keys(STORED_ONLY)];
  expect(known.map(({ command }) => command).sort()).toEqual([...described].sort());
});

describe('a setting that is accepted has an effect', () => {
  const rows = Object.values(EFFECTS).flat();
  test.each(rows)('AT$set', ({ set, begin = open, options = {}, seen }) => {
    const without = seen(begin(options));
    const console = begin(options);
    console.at(set);
    expect(seen(console)).not.toEqual(without);
  });
});

describe('a setting without effect is at least remembered', () => {
  test.each([
    ['S7=60', 'S7?', '060'],
    ['L2M1', '&V', 'L: 2; M: 1;'],
    ['+CTZU=1', '+CTZU?', '+CTZU: 1'],
    ['+CDNSCFG="1.1.1.1"', '+CDNSCFG?', '1.1.1.1'],
    ['+CIPCCFG=3,0,0,1,0,1,900', '+CIPCCFG?', '+CIPCCFG: 3,0,0,1,0,1,900'],
  ])('AT%s', (set, read, shown) => {
    const console = open();
    expect(console.at(set)).toBe(OK);
    expect(console.at(read)).toContain(shown);
  });
});

test('AT+CIPCCFG and AT+CSOC: what of them changes nothing that a host could see', () => {
  // Retransmissions, their time, and whether they are asynchronous belong to the TCP of the network.
  const console = open();
  expect(console.at('+CSOC="Mss",1000')).toBe(OK);
  expect(console.at('+CSOC="TCP Rxt",3')).toBe(OK);
  expect(console.at('+CIPCCFG=1,0,0,1,0,1,1000')).toBe(OK);
});

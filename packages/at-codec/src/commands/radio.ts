import { commandLine, oneOf } from '../arguments.js';
import {
  type Command,
  type CommandInfo,
  command,
  family,
  intField,
  testCommand,
  unreadable,
} from '../command.js';
import type { Line } from '../decoder/events.js';

/** Signal quality as the module reports it. */
export interface SignalQuality {
  /** Received signal strength, 0 (-113 dBm or less) to 31 (-51 dBm or more) in steps of 2 dB; 99 unknown. */
  readonly rssi: number;
  /** Channel bit error rate class, 0 to 7; 99 unknown. */
  readonly ber: number;
}

/** Where the module stands with a network. */
export interface Registration {
  /**
   * 0 not searching, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming, 6 and 7 SMS only, 11
   * emergency or data only. On data-only modules 6 and 11 can carry data.
   */
  readonly stat: number;
  /** Location or tracking area code, hexadecimal. */
  readonly area?: string;
  /** Cell identity, hexadecimal. */
  readonly cell?: string;
}

/** `+CSQ`: how strong the signal is. */
export const csq = /* @__PURE__ */ family(
  { name: '+CSQ', section: '3.1.1' },
  (): Command<SignalQuality> =>
    command(commandLine('+CSQ'), {
      claims: (line) => line.name === '+CSQ',
      read: ({ line }) => ({ rssi: intField(line, 0), ber: intField(line, 1) }),
    }),
  { test: () => testCommand('+CSQ') },
);

/** `+CREG`: registration in the circuit-switched network, and whether changes are reported. */
export const creg = /* @__PURE__ */ registration('+CREG', '3.1.1');
/** `+CGREG`: registration in the packet network, and whether changes are reported. */
export const cgreg = /* @__PURE__ */ registration('+CGREG', '3.1.1');
/** `+CEREG`: registration in the LTE network, and whether changes are reported. */
export const cereg = /* @__PURE__ */ registration('+CEREG', 'AT command manual, 4');

/**
 * The write form sets the reports: 0 none, 1 changes, 2 changes with the place. The read form
 * tells its answer `n,stat` from an unsolicited `stat` by the number in the second field.
 */
function registration(name: string, section: string) {
  const info: CommandInfo = { name, section, quirks: ['Q-38', 'Q-40'] };
  return family(
    info,
    ({ report }: { readonly report: 0 | 1 | 2 }) =>
      command(commandLine(name, [oneOf('report', report, [0, 1, 2])])),
    {
      read: (): Command<Registration> =>
        command(
          { text: `AT${name}?`, label: `AT${name}?` },
          {
            claims: (line) => line.name === name && !line.quoted(1) && !Number.isNaN(line.int(1)),
            read: ({ line }) => readRegistration(line, 1),
          },
        ),
      test: () => testCommand(name),
    },
  );
}

/** Reads `stat[,area,cell]` from field `from` on; used by replies and URCs alike. */
export function readRegistration(line: Line, from: number): Registration {
  const stat = line.int(from);
  if (Number.isNaN(stat)) throw unreadable(`"${line.text}", which has no registration state`);
  const [area, cell] = line.fields.slice(from + 1);
  return { stat, ...(area ? { area } : {}), ...(cell ? { cell } : {}) };
}

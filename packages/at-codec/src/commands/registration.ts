import { commandLine, oneOf } from '../arguments.js';
import {
  type Command,
  type CommandInfo,
  command,
  executeCommand,
  family,
  plainLine,
  testCommand,
  unreadable,
} from '../command.js';
import type { Line } from '../decoder/line.js';

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
  /** Access technology: 0 GSM, 2 UTRAN, 7 LTE, and others of 3GPP TS 27.007. */
  readonly technology?: number;
}

/** `+CREG`: registration in the circuit-switched network, and whether changes are reported. */
export const creg = /* @__PURE__ */ registration('+CREG', '3.1.1');
/** `+CGREG`: registration in the packet network, and whether changes are reported. */
export const cgreg = /* @__PURE__ */ registration('+CGREG', '3.1.1');
/** `+CEREG`: registration in the LTE network, and whether changes are reported. */
export const cereg = /* @__PURE__ */ registration('+CEREG', 'manual 5');

/**
 * The write form sets the reports: 0 none, 1 changes, 2 changes with the place. The read form
 * tells its answer `n,stat` from an unsolicited `stat` by the number in the second field.
 */
function registration(name: string, section: string) {
  const info: CommandInfo = { name, section, quirks: ['Q-38', 'Q-40'] };
  return family(
    info,
    ({ report }: { readonly report: 0 | 1 | 2 }): Command<void> =>
      command(commandLine(name, [oneOf('report', report, [0, 1, 2])])),
    {
      read: (): Command<Registration> =>
        command(plainLine(`AT${name}?`), {
          claims: (line) => line.name === name && !Number.isNaN(line.int(1)),
          read: ({ line }) => readRegistration(line, 1),
        }),
      test: () => testCommand(name),
      /** `AT+NAME` alone: no reports. */
      execute: () => executeCommand(name),
    },
  );
}

/** Reads `stat[,area,cell[,technology]]` from field `from` on; used by replies and URCs alike. */
export function readRegistration(line: Line, from: number): Registration {
  const stat = line.int(from);
  if (Number.isNaN(stat)) throw unreadable(`"${line.text}", which has no registration state`);
  const [area, cell] = [line.field(from + 1), line.field(from + 2)];
  const technology = line.int(from + 3);
  return {
    stat,
    ...(area ? { area } : {}),
    ...(cell ? { cell } : {}),
    ...(Number.isNaN(technology) ? {} : { technology }),
  };
}

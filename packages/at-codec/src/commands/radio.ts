import { commandLine, integer, oneOf, optional, quoted } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  plainLine,
  readCommand,
  testCommand,
  textField,
} from '../command.js';
import type { Line } from '../decoder/line.js';

/** Signal quality as the module reports it. */
export interface SignalQuality {
  /** Received signal strength, 0 (-113 dBm or less) to 31 (-51 dBm or more) in steps of 2 dB; 99 unknown. */
  readonly rssi: number;
  /** Channel bit error rate class, 0 to 7; 99 unknown. */
  readonly ber: number;
}

/** The operator that the module has chosen. */
export interface Operator {
  /** 0 automatic, 1 manual, 2 deregistered, 4 manual and then automatic. */
  readonly mode: number;
  /** How `name` is written: 0 long, 1 short, 2 numeric. Absent without an operator. */
  readonly format?: number;
  /** The operator's name or number. Absent without an operator. */
  readonly name?: string;
  /** Access technology: 0 GSM, 2 UTRAN, 7 LTE, and others of 3GPP TS 27.007. */
  readonly technology?: number;
}

/** What `+CPSI` says of the serving cell. */
export interface SystemInformation {
  /** `LTE`, `GSM`, `WCDMA`, `NO SERVICE`. */
  readonly system: string;
  /** `Online`, `Offline`, `Low Power Mode`. */
  readonly operation: string;
  /** What follows, as it was printed: number and units differ between builds. */
  readonly details: readonly string[];
}

/** `+CSQ`: how strong the signal is. */
export const csq = /* @__PURE__ */ family(
  { name: '+CSQ', section: '3.1.1' },
  (): Command<SignalQuality> => ({ ...readCommand('+CSQ', readSignal), ...plainLine('AT+CSQ') }),
  { test: () => testCommand('+CSQ') },
);

/** `+COPS`: which operator to use. Searching for operators (`test`) and changing take their time. */
export const cops = /* @__PURE__ */ family(
  { name: '+COPS', section: 'manual 4' },
  (options: {
    /** 0 automatic, 1 manual, 2 deregister, 3 set the format only, 4 manual and then automatic. */
    readonly mode: 0 | 1 | 2 | 3 | 4;
    readonly format?: 0 | 1 | 2 | undefined;
    readonly name?: string | undefined;
    readonly technology?: number | undefined;
  }): Command<void> =>
    command(
      commandLine('+COPS', [
        oneOf('mode', options.mode, [0, 1, 2, 3, 4]),
        optional(options.format, (format) => oneOf('format', format, [0, 1, 2])),
        optional(options.name, (name) => quoted('name', name, 64)),
        optional(options.technology, (technology) => integer('technology', technology, 0, 8)),
      ]),
      { timeout: SEARCH },
    ),
  {
    read: (): Command<Operator> => ({ ...readCommand('+COPS', readOperator), timeout: SEARCH }),
    test: () => ({ ...testCommand('+COPS'), timeout: SEARCH }),
    execute: () => ({ ...executeCommand('+COPS'), timeout: SEARCH }),
  },
);

/** `+CPSI`: what the serving cell is. */
export const cpsi = /* @__PURE__ */ family(
  { name: '+CPSI', section: 'manual 4', quirks: ['Q-39'] },
  (): Command<SystemInformation> => readCommand('+CPSI', readSystemInformation),
  {
    /** `AT+CPSI=<seconds>`: reports it all that often, 1 to 255; 0 ends that. */
    report: ({ interval }: { readonly interval: number }): Command<void> =>
      command(commandLine('+CPSI', [integer('interval', interval, 0, 255)])),
    test: () => testCommand('+CPSI'),
  },
);

/** The time in ms that a search for operators may take (AT command manual). */
const SEARCH = 60_000;

/** Reads `+CSQ: <rssi>,<ber>`. */
export function readSignal(line: Line): SignalQuality {
  return { rssi: intField(line, 0), ber: intField(line, 1) };
}

/** Reads `+CPSI: …`. */
export function readSystemInformation(line: Line): SystemInformation {
  const [system, operation = '', ...details] = line.fields;
  return { system: system ?? textField(line, 0), operation, details };
}

function readOperator(line: Line): Operator {
  const [format, technology] = [line.int(1), line.int(3)];
  const name = line.field(2);
  return {
    mode: intField(line, 0),
    ...(Number.isNaN(format) ? {} : { format }),
    ...(name === undefined ? {} : { name }),
    ...(Number.isNaN(technology) ? {} : { technology }),
  };
}

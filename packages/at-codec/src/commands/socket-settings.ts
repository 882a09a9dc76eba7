import { commandLine, flag, integer, optional } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  plainLine,
  type Range,
  readCommand,
  testCommand,
} from '../command.js';
import type { Line } from '../decoder/line.js';
import { toggle, toggleWithDefault } from './settings.js';

/** `+CIPHEAD`: whether pushed data has a line with its length in front. Default on. */
export const cipHead = /* @__PURE__ */ toggleWithDefault({ name: '+CIPHEAD', section: '2.1' }, 'on');
/** `+CIPSRIP`: whether pushed data has a line with its sender in front. Default on. */
export const cipSrip = /* @__PURE__ */ toggleWithDefault(
  { name: '+CIPSRIP', section: '2.1', quirks: ['Q-3a'] },
  'on',
);
/** `+CIPMODE`: whether link 0 and server 0 are transparent; before `NETOPEN`. Default off. */
export const cipMode = /* @__PURE__ */ toggleWithDefault(
  { name: '+CIPMODE', section: '1.6', quirks: ['Q-24a'] },
  'transparent',
);
/** `+CIPSENDMODE`: whether the report of a send waits for the peer's acknowledgement. Default off. */
export const cipSendMode = /* @__PURE__ */ toggle({ name: '+CIPSENDMODE', section: '2.1' }, 'acknowledged');

/** Times in ms, 3000 to 120 000, after which the module gives up. */
export interface SocketTimeouts {
  /** For `AT+NETOPEN`. */
  readonly netOpen: number;
  /** For `AT+CIPOPEN`. */
  readonly cipOpen: number;
  /** For `AT+CIPSEND`. */
  readonly cipSend: number;
}

/** `+CIPTIMEOUT`: when the module gives up opening and sending. What is left out stays. */
export const cipTimeout = /* @__PURE__ */ family(
  { name: '+CIPTIMEOUT', section: '2.1' },
  (options: { readonly [Name in keyof SocketTimeouts]?: number | undefined }): Command<void> =>
    command(
      commandLine('+CIPTIMEOUT', [
        optional(options.netOpen, (ms) => integer('netOpen', ms, 3_000, 120_000)),
        optional(options.cipOpen, (ms) => integer('cipOpen', ms, 3_000, 120_000)),
        optional(options.cipSend, (ms) => integer('cipSend', ms, 3_000, 120_000)),
      ]),
    ),
  {
    read: (): Command<SocketTimeouts> =>
      readCommand('+CIPTIMEOUT', (line) => ({
        netOpen: intField(line, 0),
        cipOpen: intField(line, 1),
        cipSend: intField(line, 2),
      })),
  },
);

/** How sockets behave. Two fields of the command are legacy and stay at 0. */
export interface SocketConfiguration {
  /** Retransmissions of an IP packet, 0 to 10. Default 10. */
  readonly retries: number;
  /** Time in ms before received data is pushed, 0 to 1000. Default 0. */
  readonly pushDelay: number;
  /** Whether `+IP ERROR:` speaks in words. Default true. */
  readonly errorsInWords: boolean;
  /** Whether pushed data says its link: `+RECEIVE,<link>,<length>` for `+IPD<length>`. Default false. */
  readonly linkInHeader: boolean;
  /** The shortest TCP retransmission time-out in ms, 500 to 120 000. Default 500. */
  readonly retransmission: number;
  /** Whether one read gives one datagram; newer firmware only. Default false. */
  readonly datagrams?: boolean;
}

const RETRIES: Range = [0, 10];
const PUSH_DELAY: Range = [0, 1_000];
const RETRANSMISSION: Range = [500, 120_000];

/** `+CIPCCFG`: how sockets behave. What is left out stays. Older firmware has seven fields. */
export const cipCcfg = /* @__PURE__ */ family(
  { name: '+CIPCCFG', section: '4.1', quirks: ['Q-3', 'Q-17', 'Q-19'] },
  (
    options: {
      readonly [Name in keyof SocketConfiguration]?: SocketConfiguration[Name] | undefined;
    },
  ): Command<void> =>
    command(
      commandLine('+CIPCCFG', [
        optional(options.retries, (count) => integer('retries', count, ...RETRIES)),
        optional(options.pushDelay, (ms) => integer('pushDelay', ms, ...PUSH_DELAY)),
        legacy(options.pushDelay),
        optional(options.errorsInWords, (on) => flag('errorsInWords', on)),
        optional(options.linkInHeader, (on) => flag('linkInHeader', on)),
        legacy(options.pushDelay),
        optional(options.retransmission, (ms) => integer('retransmission', ms, ...RETRANSMISSION)),
        optional(options.datagrams, (on) => flag('datagrams', on)),
      ]),
    ),
  {
    read: (): Command<SocketConfiguration> => readCommand('+CIPCCFG', readConfiguration),
    test: () => testCommand('+CIPCCFG'),
    execute: () => executeCommand('+CIPCCFG'),
  },
);

/** `+CIPCFG`: settings by name. */
export const cipCfg = /* @__PURE__ */ family(
  { name: '+CIPCFG', section: 'manual 15', quirks: ['Q-21', 'Q-26'] },
  /** Time in ms for which transparent mode collects bytes, 5 to 1000. Default 100. */
  ({ collect }: { readonly collect: number }): Command<void> =>
    command(commandLine('+CIPCFG', [plainLine('"transwaittm"'), integer('collect', collect, 5, 1_000)])),
  {
    /** Whether the payload of a send is echoed like a command line. Default on. */
    echo: ({ on }: { readonly on: boolean }): Command<void> =>
      command(
        commandLine('+CIPCFG', [
          plainLine('"DATAECHO"'),
          plainLine(flag('on', on).text === '1' ? 'ON' : 'OFF'),
        ]),
      ),
    test: () => testCommand('+CIPCFG'),
  },
);

/** When a silent TCP connection is probed. */
export interface KeepAlive {
  /** Whether the module sends probes. */
  readonly on: boolean;
  /** Minutes of silence before the first probe, 1 to 120. */
  readonly idle: number;
  /** Probes without an answer that end the connection, 1 to 10. */
  readonly count: number;
  /** Minutes between probes, 1 to 100. */
  readonly interval?: number | undefined;
}

/** `+CTCPKA`: TCP keep-alive; while the network is open. */
export const ctcpKa = /* @__PURE__ */ family(
  { name: '+CTCPKA', section: 'manual 15' },
  ({ on, idle, count, interval }: KeepAlive): Command<void> =>
    command(
      commandLine('+CTCPKA', [
        flag('on', on),
        integer('idle', idle, 1, 120),
        integer('count', count, 1, 10),
        optional(interval, (minutes) => integer('interval', minutes, 1, 100)),
      ]),
    ),
  {
    read: (): Command<KeepAlive> => readCommand('+CTCPKA', readKeepAlive),
    test: () => testCommand('+CTCPKA'),
  },
);

/** A field that is always 0; left out like the fields around it. */
function legacy(neighbour: unknown) {
  return neighbour === undefined ? undefined : plainLine('0');
}

function readConfiguration(line: Line): SocketConfiguration {
  const configuration = {
    retries: intField(line, 0, RETRIES),
    pushDelay: intField(line, 1, PUSH_DELAY),
    errorsInWords: intField(line, 3) === 1,
    linkInHeader: intField(line, 4) === 1,
    retransmission: intField(line, 6, RETRANSMISSION),
  };
  return line.fieldCount < 8 ? configuration : { ...configuration, datagrams: intField(line, 7) === 1 };
}

function readKeepAlive(line: Line): KeepAlive {
  const interval = line.int(3);
  return {
    on: intField(line, 0) === 1,
    idle: intField(line, 1),
    count: intField(line, 2),
    ...(Number.isNaN(interval) ? {} : { interval }),
  };
}

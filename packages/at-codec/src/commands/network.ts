import { commandLine, flag, hostName, integer, optional } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  NETWORK,
  type Outcome,
  plainLine,
  readCommand,
  testCommand,
  textField,
  unreadable,
} from '../command.js';
import type { Line } from '../decoder/line.js';
import { CommandErrorNumber, SocketErrorNumber } from '../error-tables.js';

/**
 * `+NETOPEN`: starts the socket service. Its result comes after `OK` and says 0 for success; the
 * read form's line comes before `OK` and says 1 for open.
 */
export const netOpen = /* @__PURE__ */ family(
  { name: '+NETOPEN', section: '3.1.3', quirks: ['Q-9', 'Q-10', 'Q-11', 'Q-32'] },
  (): Command<void> =>
    command(commandLine('+NETOPEN'), { timeout: NETWORK, outcome: singleResult('+NETOPEN') }),
  { read: (): Command<boolean> => readCommand('+NETOPEN', (line) => intField(line, 0) === 1) },
);

/** `+NETCLOSE`: stops the socket service and closes what is open. */
export const netClose = /* @__PURE__ */ family(
  { name: '+NETCLOSE', section: '3.1.4', quirks: ['Q-9', 'Q-33'] },
  (): Command<void> =>
    command(commandLine('+NETCLOSE'), {
      timeout: NETWORK,
      outcome: singleResult('+NETCLOSE'),
      meanings: { [SocketErrorNumber.NETWORK_NOT_OPENED]: 'the network is already closed' },
    }),
  { test: () => testCommand('+NETCLOSE') },
);

/** `+IPADDR`: the address that the socket service has. */
export const ipAddr = /* @__PURE__ */ family(
  { name: '+IPADDR', section: '3.1.3', quirks: ['Q-5', 'Q-22'] },
  (): Command<string> => ({
    ...executeCommand('+IPADDR'),
    claims: (line: Line) => line.name === '+IPADDR',
    read: ({ line }) => {
      const address = textField(line, 0);
      if (!/^[0-9a-f.:]+$/i.test(address)) throw unreadable(`"${line.text}" instead of an address`);
      return address;
    },
  }),
  { test: () => testCommand('+IPADDR') },
);

/** `+CSOCKSETPN`: the PDP context and the address family of sockets; while the network is closed. */
export const csockSetPn = /* @__PURE__ */ family(
  { name: '+CSOCKSETPN', section: 'manual 15' },
  ({ ipv6 }: { readonly ipv6?: boolean | undefined } = {}): Command<void> =>
    command(
      commandLine('+CSOCKSETPN', [
        integer('profile', 1, 1, 1),
        optional(ipv6, (on) => plainLine(flag('ipv6', on).text === '1' ? '6' : '1')),
      ]),
    ),
  {
    read: (): Command<{ readonly profile: number; readonly ipv6: boolean }> =>
      readCommand('+CSOCKSETPN', (line) => ({ profile: intField(line, 0), ipv6: line.int(1) === 6 })),
    test: () => testCommand('+CSOCKSETPN'),
  },
);

/** `+CDNSGIP`: the addresses of a name. A failure comes as `+CDNSGIP: 0,10` and `ERROR`. */
export const cdnsGip = /* @__PURE__ */ family(
  { name: '+CDNSGIP', section: '2.1' },
  ({ host }: { readonly host: string }): Command<readonly string[]> =>
    command(commandLine('+CDNSGIP', [hostName('host', host)]), {
      timeout: 6_000,
      outcome: {
        // The name is in the line: a late answer may be the one of a lookup that was given up.
        claims: (line) =>
          line.name === '+CDNSGIP' &&
          (line.int(0) === 0 || (line.int(0) === 1 && !namesOther(line.fields[1], host))),
        error: (line) => (line.int(0) === 1 ? 0 : line.int(1)),
      },
      meanings: { [CommandErrorNumber.NAME_NOT_FOUND]: 'the name could not be resolved' },
      claims: (line) => line.name === '+CDNSGIP' && line.int(0) > 1,
      read: ({ outcome, lines }) =>
        [outcome as Line, ...lines]
          .flatMap((line) => line.fields.slice(2))
          .filter((address) => address !== ''),
    }),
  { test: () => testCommand('+CDNSGIP') },
);

/** Whether a line names another host; one that is hidden, or written otherwise than as a name, may be the same. */
function namesOther(name = '', host: string): boolean {
  return /^\w[\w.-]*$/.test(name) && name.toLowerCase() !== host.toLowerCase();
}

/** The name servers of one address family. */
export interface NameServers {
  /** Whether the pair is for IPv6. */
  readonly ipv6: boolean;
  /** Address of the first server. */
  readonly primary: string;
  /** Address of the second server. */
  readonly secondary: string;
}

/** `+CDNSCFG`: the name servers. The lines of the read form have no prefix. */
export const cdnsCfg = /* @__PURE__ */ family(
  { name: '+CDNSCFG', section: 'manual 15', quirks: ['Q-23'] },
  (options: {
    readonly primary: string;
    readonly secondary?: string | undefined;
    readonly ipv6?: boolean | undefined;
  }): Command<void> =>
    command(
      commandLine('+CDNSCFG', [
        hostName('primary', options.primary),
        optional(options.secondary, (address) => hostName('secondary', address)),
        optional(options.ipv6, (on) => flag('ipv6', on)),
      ]),
    ),
  {
    read: (): Command<readonly NameServers[]> =>
      command(plainLine('AT+CDNSCFG?'), {
        claims: (line) => NAME_SERVERS.test(line.text),
        read: ({ lines }) => lines.map(readNameServers),
      }),
    test: () => testCommand('+CDNSCFG'),
  },
);

const NAME_SERVERS = /^Primary IPv(4|6) DNS:\s*(.*?)\s*,\s*Secondary IPv[46] DNS:\s*(.*)$/;

function readNameServers(line: Line): NameServers {
  const [, version, primary = '', secondary = ''] = NAME_SERVERS.exec(line.text) ?? [];
  return { ipv6: version === '6', primary, secondary };
}

/** `+NAME: <err>`, the only line of its name that the command is answered. */
function singleResult(name: string): Outcome {
  return { claims: (line) => line.name === name, error: (line) => line.int(0) };
}

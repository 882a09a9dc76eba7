import { type Argument, commandLine, hostName, integer, oneOf, optional, quoted } from '../arguments.js';
import {
  type Command,
  command,
  family,
  intField,
  NETWORK,
  type Outcome,
  plainLine,
  type Range,
  testCommand,
  textField,
} from '../command.js';
import type { Line } from '../decoder/line.js';
import { CommandErrorNumber, SocketErrorNumber } from '../error-tables.js';

/** Link numbers go from 0 to this. */
export const LAST_LINK = 9;
const LINKS: Range = [0, LAST_LINK];

/** What `+CIPOPEN?` says of a link in use. */
export interface LinkState {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** `TCP` or `UDP`. */
  readonly type: string;
  /** The peer's address. For UDP it may be `0.0.0.0` although the link has a peer. */
  readonly host: string;
  /** The peer's port. */
  readonly port: number;
  /** Index of the server that accepted it; undefined for a link that was opened from here. */
  readonly server: number | undefined;
}

/** How far a TCP connection has come. */
export interface LinkProgress {
  /** Bytes sent so far. */
  readonly sent: number;
  /** Bytes sent that the peer has acknowledged. */
  readonly acknowledged: number;
  /** Bytes received so far. */
  readonly received: number;
}

/** A link number. */
export const linkArgument = (link: number): Argument => integer('link', link, ...LINKS);
/** A port of the other side. */
export const portArgument = (port: number): Argument => integer('port', port, 1, 65_535);
const localPortArgument = (port: number): Argument => integer('localPort', port, 0, 65_535);

/**
 * `+CIPOPEN`: opens a link. The main form makes a TCP connection. Its result follows `OK`, that of
 * UDP comes before it; a refusal comes as result and `ERROR`. The read form lists the
 * links in use.
 */
export const cipOpen = /* @__PURE__ */ family(
  { name: '+CIPOPEN', section: '3.2.1', quirks: ['Q-6', 'Q-9', 'Q-14', 'Q-15', 'Q-18', 'Q-34'] },
  (options: {
    readonly link: number;
    /** Address or name of the other side. */
    readonly host: string;
    readonly port: number;
    /** Default: any. */
    readonly localPort?: number | undefined;
  }): Command<void> =>
    open(options.link, 'TCP', [
      hostName('host', options.host),
      portArgument(options.port),
      optional(options.localPort, localPortArgument),
    ]),
  {
    /** A UDP socket on `localPort`. With a peer, what is sent without an address goes there. */
    udp: (options: {
      readonly link: number;
      readonly localPort: number;
      readonly peer?: { readonly host: string; readonly port: number } | undefined;
    }): Command<void> => open(options.link, 'UDP', udpArguments(options)),
    /** The form of newer firmware for a UDP socket that anybody may send to. */
    udpServer: ({ link, localPort }: { readonly link: number; readonly localPort: number }): Command<void> =>
      open(link, 'UDP SERVER', [undefined, undefined, localPortArgument(localPort)]),
    /**
     * Transparent mode (`CIPMODE` 1), on link 0: succeeds with `CONNECT`, then data mode begins. A
     * refusal may come with its reason before it, as in the other modes.
     */
    transparent: (options: {
      readonly type: 'TCP' | 'UDP';
      readonly host: string;
      readonly port: number;
      /** UDP needs one. */
      readonly localPort?: number | undefined;
    }): Command<void> => {
      const type = oneOf('type', options.type, ['TCP', 'UDP']).text;
      const line = open(0, type, [
        hostName('host', options.host),
        portArgument(options.port),
        optional(options.localPort, localPortArgument),
      ]);
      return { ...line, connects: true };
    },
    read: (): Command<readonly LinkState[]> =>
      command(plainLine('AT+CIPOPEN?'), {
        claims: (line) => line.name === '+CIPOPEN' && line.fieldCount !== 2,
        read: ({ lines }) => lines.filter((line) => line.fieldCount > 1).map(readLinkState),
      }),
    test: () => testCommand('+CIPOPEN'),
  },
);

/** `+CIPCLOSE`: closes a link. The read form says which links are open. */
export const cipClose = /* @__PURE__ */ family(
  { name: '+CIPCLOSE', section: '3.2.1', quirks: ['Q-4', 'Q-8', 'Q-18', 'Q-33'] },
  ({ link }: { readonly link: number }): Command<void> =>
    command(commandLine('+CIPCLOSE', [linkArgument(link)]), {
      link,
      timeout: NETWORK,
      outcome: linkOutcome('+CIPCLOSE', link),
      meanings: {
        [CommandErrorNumber.NETWORK_CLOSED]: 'the network is closed',
        [CommandErrorNumber.LINK_CLOSED]: 'the link is already closed',
      },
    }),
  {
    read: (): Command<readonly boolean[]> =>
      command(plainLine('AT+CIPCLOSE?'), {
        claims: (line) => line.name === '+CIPCLOSE' && line.fieldCount > 2,
        read: ({ line }) => line.fields.map((state) => state !== '0'),
      }),
    test: () => testCommand('+CIPCLOSE'),
  },
);

/** `+CIPACK`: how many bytes of a TCP connection were sent, acknowledged and received. */
export const cipAck = /* @__PURE__ */ family(
  { name: '+CIPACK', section: '4.1' },
  ({ link }: { readonly link: number }): Command<LinkProgress> =>
    command(commandLine('+CIPACK', [linkArgument(link)]), {
      link,
      claims: (line) => line.name === '+CIPACK',
      read: ({ line }) => ({
        sent: intField(line, 0),
        acknowledged: intField(line, 1),
        received: intField(line, 2),
      }),
    }),
  { test: () => testCommand('+CIPACK') },
);

function open(link: number, type: string, address: readonly (Argument | undefined)[]): Command<void> {
  return command(commandLine('+CIPOPEN', [linkArgument(link), quoted('type', type, 10), ...address]), {
    link,
    timeout: NETWORK,
    outcome: linkOutcome('+CIPOPEN', link),
    meanings: {
      [SocketErrorNumber.NETWORK_FAILURE]:
        type === 'UDP'
          ? 'the module could not open the UDP port: it is in use, or the network is not there'
          : 'the peer did not accept the connection, or cannot be reached',
      [CommandErrorNumber.LINK_IN_USE]: 'the link is in use',
    },
  });
}

function udpArguments(options: {
  readonly localPort: number;
  readonly peer?: { readonly host: string; readonly port: number } | undefined;
}): readonly (Argument | undefined)[] {
  const { localPort, peer } = options;
  const address =
    peer === undefined ? [undefined, undefined] : [hostName('host', peer.host), portArgument(peer.port)];
  return [...address, localPortArgument(localPort)];
}

/** `+NAME: <link>,<err>` of one link; listings of the same name have another number of fields. */
function linkOutcome(name: string, link: number): Outcome {
  return {
    claims: (line) => line.name === name && line.fieldCount === 2 && line.int(0) === link,
    error: (line) => line.int(1),
  };
}

function readLinkState(line: Line): LinkState {
  const server = line.int(4);
  return {
    link: intField(line, 0, LINKS),
    type: textField(line, 1),
    host: textField(line, 2),
    port: intField(line, 3),
    server: Number.isNaN(server) || server < 0 ? undefined : server,
  };
}

import { commandLine, integer, payload, quoted } from '../arguments.js';
import {
  type Command,
  command,
  family,
  intField,
  NETWORK,
  type Outcome,
  testCommand,
  textField,
} from '../command.js';
import type { Line } from '../decoder/events.js';

/** Link numbers go from 0 to this. */
export const LAST_LINK = 9;
/** The most bytes that one send takes and one read gives. */
export const MAX_PIECE = 1500;

const linkArgument = (link: number) => integer('link', link, 0, LAST_LINK);

/** What `+CIPOPEN?` says of a link in use. */
export interface LinkState {
  readonly link: number;
  readonly type: string;
  readonly host: string;
  readonly port: number;
  /** Index of the server that accepted it; undefined for a link that was opened from here. */
  readonly server: number | undefined;
}

/** What became of a send. */
export interface SendReport {
  readonly requested: number;
  /** Bytes taken: less than requested when the rest has to be sent again, -1 when the link is down. */
  readonly confirmed: number;
}

/** A piece of what a link received. */
export interface ReceivedBlock {
  readonly link: number;
  /** The bytes, in the pieces in which they came in. */
  readonly payload: readonly Uint8Array[];
  /** Bytes that the module still holds for the link. */
  readonly rest: number;
}

/**
 * `+CIPOPEN`: opens a link. For TCP the result follows `OK`; a refusal comes as result and `ERROR`
 * . The read form lists the links in use.
 */
export const cipOpen = /* @__PURE__ */ family(
  { name: '+CIPOPEN', section: '3.2.1', quirks: ['Q-6', 'Q-9', 'Q-18', 'Q-34'] },
  (options: {
    readonly link: number;
    /** Address or name of the other side. */
    readonly host: string;
    readonly port: number;
    /** Default: any. */
    readonly localPort?: number | undefined;
  }): Command<void> => {
    const { link, host, port, localPort } = options;
    return command(
      commandLine('+CIPOPEN', [
        linkArgument(link),
        quoted('type', 'TCP', 3),
        quoted('host', host, 254),
        integer('port', port, 1, 65_535),
        ...(localPort === undefined ? [] : [integer('localPort', localPort, 0, 65_535)]),
      ]),
      {
        link,
        timeout: NETWORK,
        outcome: linkOutcome('+CIPOPEN', link),
        meanings: { 1: 'the other side did not accept the connection', 4: 'the link is in use' },
      },
    );
  },
  {
    read: (): Command<readonly LinkState[]> =>
      command(
        { text: 'AT+CIPOPEN?', label: 'AT+CIPOPEN?' },
        {
          claims: (line) => line.name === '+CIPOPEN' && line.count !== 2,
          read: ({ lines }) => lines.filter((line) => line.count > 1).map(readLinkState),
        },
      ),
    test: () => testCommand('+CIPOPEN'),
  },
);

/**
 * `+CIPSEND`: sends 1 to 1500 bytes, counted, so that any byte may be among them. `OK` says that
 * the module has them, the report how many the stack took.
 */
export const cipSend = /* @__PURE__ */ family(
  { name: '+CIPSEND', section: '3.2.1', quirks: ['Q-12', 'Q-18', 'Q-20', 'Q-43'] },
  ({ link, bytes }: { readonly link: number; readonly bytes: Uint8Array }): Command<SendReport> =>
    command(commandLine('+CIPSEND', [linkArgument(link), integer('bytes', bytes.length, 1, MAX_PIECE)]), {
      link,
      timeout: NETWORK,
      payload: payload('bytes', bytes, 1, MAX_PIECE),
      outcome: {
        claims: (line) => line.name === '+CIPSEND' && line.count === 3 && line.int(0) === link,
        error: () => 0,
      },
      meanings: { 3: 'the link was never opened', 4: 'the link is closed' },
      read: ({ outcome }) => ({
        requested: intField(outcome as Line, 1),
        confirmed: intField(outcome as Line, 2),
      }),
    }),
  { test: () => testCommand('+CIPSEND') },
);

/**
 * `+CIPRXGET`: how received bytes are handed out. The main form switches between 0, push, and 1,
 * kept in the module until read. An empty buffer answers a read with `IP_ERROR` 22, "No data".
 */
export const cipRxGet = /* @__PURE__ */ family(
  { name: '+CIPRXGET', section: '3.2.2', quirks: ['Q-3f', 'Q-12'] },
  ({ buffered }: { readonly buffered: boolean }): Command<void> =>
    command(commandLine('+CIPRXGET', [integer('buffered', buffered ? 1 : 0, 0, 1)])),
  {
    /** `AT+CIPRXGET=2`: takes up to `max` bytes (1 to 1500) out of the buffer of a link. */
    take: ({
      link,
      max = MAX_PIECE,
    }: {
      readonly link: number;
      readonly max?: number;
    }): Command<ReceivedBlock> =>
      command(
        commandLine('+CIPRXGET', [
          integer('mode', 2, 2, 2),
          linkArgument(link),
          integer('max', max, 1, MAX_PIECE),
        ]),
        {
          link,
          claims: (line) => isReply(line, 2, link),
          read: ({ line, payload }) => ({ link, payload, rest: intField(line, 3) }),
        },
      ),
    /** `AT+CIPRXGET=4`: how many bytes the buffer of a link holds. */
    held: ({ link }: { readonly link: number }): Command<number> =>
      command(commandLine('+CIPRXGET', [integer('mode', 4, 4, 4), linkArgument(link)]), {
        link,
        claims: (line) => isReply(line, 4, link),
        read: ({ line }) => intField(line, 2),
      }),
    /** `AT+CIPRXGET?`: whether received bytes are buffered. */
    read: (): Command<boolean> =>
      command(
        { text: 'AT+CIPRXGET?', label: 'AT+CIPRXGET?' },
        {
          claims: (line) => line.name === '+CIPRXGET' && line.count === 1,
          read: ({ line }) => intField(line, 0) === 1,
        },
      ),
    test: () => testCommand('+CIPRXGET'),
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
      meanings: { 2: 'the network is closed', 4: 'the link is already closed' },
    }),
  {
    read: (): Command<readonly boolean[]> =>
      command(
        { text: 'AT+CIPCLOSE?', label: 'AT+CIPCLOSE?' },
        {
          claims: (line) => line.name === '+CIPCLOSE' && line.count > 2,
          read: ({ line }) => line.fields.map((state) => state !== '0'),
        },
      ),
    test: () => testCommand('+CIPCLOSE'),
  },
);

/** `+NAME: <link>,<err>` of one link; listings of the same name have another number of fields. */
function linkOutcome(name: string, link: number): Outcome {
  return {
    claims: (line) => line.name === name && line.count === 2 && line.int(0) === link,
    error: (line) => line.int(1),
  };
}

function isReply(line: Line, mode: number, link: number): boolean {
  return line.name === '+CIPRXGET' && line.int(0) === mode && line.int(1) === link;
}

function readLinkState(line: Line): LinkState {
  const server = line.int(4);
  return {
    link: intField(line, 0),
    type: textField(line, 1),
    host: textField(line, 2),
    port: intField(line, 3),
    server: Number.isNaN(server) || server < 0 ? undefined : server,
  };
}

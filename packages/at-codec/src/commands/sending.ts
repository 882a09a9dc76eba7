import { commandLine, hostName, integer, payload } from '../arguments.js';
import { type Answer, type Command, command, family, intField, NETWORK, testCommand } from '../command.js';
import type { Line } from '../decoder/line.js';
import { CommandErrorNumber } from '../error-tables.js';
import { linkArgument, portArgument } from './links.js';

/** The longest payload of one send or one read, in bytes (application note, 3.2.1 and 3.2.2). */
export const MAX_PAYLOAD = 1500;

/** What became of a send. */
export interface SendReport {
  /** Bytes that the command announced. */
  readonly requested: number;
  /** Bytes accepted: fewer than requested if the rest must be sent again, {@link LINK_DOWN} if the link is down. */
  readonly confirmed: number;
}

/** What to send, and where. */
export interface Send {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** 1 to 1500 bytes. Over UDP, 1400 at most get through everywhere. */
  readonly bytes: Uint8Array;
  /** The receiver, for a UDP link that was opened without a peer. */
  readonly to?: { readonly host: string; readonly port: number } | undefined;
}

/** {@link SendReport.confirmed} of a send on a link that is down. */
export const LINK_DOWN = -1;

const ETX = 0x03;
const SUB = 0x1a;
const ESC = 0x1b;

/**
 * `+CIPSEND`: sends 1 to 1500 bytes of any value with their length. `OK` says that the module has
 * them, the report how many of them the stack accepted.
 */
export const cipSend = /* @__PURE__ */ family(
  { name: '+CIPSEND', section: '3.2.1', quirks: ['Q-3g', 'Q-12', 'Q-18', 'Q-20', 'Q-26', 'Q-43'] },
  ({ link, bytes, to }: Send): Command<SendReport> => {
    const sent = payload('bytes', bytes, 1, MAX_PAYLOAD);
    return send(link, sent, [integer('bytes', sent.length, 1, MAX_PAYLOAD), ...receiver(to)]);
  },
  {
    /** Sends without a count: the bytes end with Ctrl-Z, which is escaped among them. */
    variable: ({ link, bytes, to }: Send): Command<SendReport> =>
      send(link, withEnd(payload('bytes', bytes, 1, MAX_PAYLOAD)), variable(to), bytes.length),
    /** Asks for a prompt and cancels the send with ESC; the answer may be `OK` or `ERROR`. */
    cancel: ({ link }: { readonly link: number }): Command<void> => {
      const { outcome: _, read: __, ...line } = send(link, Uint8Array.of(ESC), []);
      return { ...line, read: () => undefined };
    },
    test: () => testCommand('+CIPSEND'),
  },
);

function send(
  link: number,
  bytes: Uint8Array,
  rest: Parameters<typeof commandLine>[1],
  length = bytes.length,
): Command<SendReport> {
  return command(commandLine('+CIPSEND', [linkArgument(link), ...(rest ?? [])]), {
    link,
    timeout: NETWORK,
    payload: bytes,
    outcome: {
      claims: (line) =>
        line.name === '+CIPSEND' && line.fieldCount === 3 && line.int(0) === link && line.int(1) === length,
      error: noError,
    },
    meanings: MEANINGS,
    read: readReport,
  });
}

const MEANINGS = /* @__PURE__ */ (() => ({
  [CommandErrorNumber.LINK_NEVER_OPENED]: 'the link was never opened',
  [CommandErrorNumber.LINK_CLOSED]: 'the link is closed',
}))();

/** The report has none: it says how much was taken. */
function noError(): number {
  return 0;
}

function readReport({ outcome }: Answer): SendReport {
  return { requested: intField(outcome as Line, 1), confirmed: intField(outcome as Line, 2) };
}

function receiver(to: Send['to']) {
  return to === undefined ? [] : [hostName('host', to.host), portArgument(to.port)];
}

function variable(to: Send['to']) {
  return to === undefined ? [] : [undefined, ...receiver(to)];
}

/** ETX before each byte that would mean something, and Ctrl-Z at the end. */
function withEnd(bytes: Uint8Array): Uint8Array {
  const escaped: number[] = [];
  for (const byte of bytes) {
    if (byte === ETX || byte === SUB || byte === ESC) escaped.push(ETX);
    escaped.push(byte);
  }
  return Uint8Array.of(...escaped, SUB);
}

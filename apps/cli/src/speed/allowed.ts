import type { ReceiveMode } from '@a7600/tcpip';

/** How payload passes on the line: an access mode of sockets, or transparent mode. */
export type AccessMode = ReceiveMode | 'transparent';

/** What limits the goodput of one connection. */
export interface Limits {
  /** Speed of the serial line in bit/s; undefined where there is none. */
  readonly baudRate: number | undefined;
  readonly receive: AccessMode;
  /** Time in ms from the last byte of a command to the first of its answer. */
  readonly turnaround: number;
}

/** A start bit, eight bits of data, a stop bit. */
const BITS = 10;
const lengthOf = (...texts: readonly string[]) => texts.join('').length;

/** Bytes around a block of payload, and how often the module is waited for (application note, 3.2). */
const BLOCKS = {
  up: {
    payload: 1_500,
    digits: 1,
    around: lengthOf('AT+CIPSEND=0,1500\r', '\r\n>', '\r\nOK\r\n', '\r\n+CIPSEND: 0,1500,1500\r\n'),
    turns: 2,
  },
  buffer: {
    payload: 1_500,
    digits: 1,
    around: lengthOf('AT+CIPRXGET=2,0,1500\r', '\r\n+CIPRXGET: 2,0,1500,1500\r\n', '\r\nOK\r\n'),
    turns: 1,
  },
  hex: {
    payload: 750,
    digits: 2,
    around: lengthOf('AT+CIPRXGET=3,0,750\r', '\r\n+CIPRXGET: 3,0,750,1500\r\n', '\r\nOK\r\n'),
    turns: 1,
  },
  transparent: { payload: 1, digits: 1, around: 0, turns: 0 },
  push: { payload: 1_460, digits: 1, around: lengthOf('\r\n+RECEIVE,0,1460\r\n'), turns: 0 },
} as const;

/**
 * The goodput that line, access mode and module allow for one connection, however fast the mobile network is.
 *
 * @param direction seen from this computer
 * @param limits what limits it
 * @returns bytes a second; infinite where nothing limits it
 */
export function allowed(direction: 'up' | 'down', { baudRate, receive, turnaround }: Limits): number {
  const { payload, digits, around, turns } =
    BLOCKS[direction === 'up' && receive !== 'transparent' ? 'up' : receive];
  const bytes = payload * digits + around;
  const seconds = (baudRate === undefined ? 0 : (bytes * BITS) / baudRate) + (turns * turnaround) / 1_000;
  return payload / seconds;
}

/**
 * How long the bytes of a command and its answer take on the line.
 *
 * @param bytes how many
 * @param baudRate speed of the line in bit/s; undefined where there is none
 * @returns ms
 */
export function onLine(bytes: number, baudRate: number | undefined): number {
  return baudRate === undefined ? 0 : (bytes * BITS * 1_000) / baudRate;
}

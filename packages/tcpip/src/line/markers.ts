import { restarted } from '@a7600/at-codec';
import type { Doubt } from './state.js';

/** A line of the module that may stand in the middle of the data, as it begins. */
export interface Marker {
  readonly bytes: Uint8Array;
  readonly doubt: Doubt;
}

/** The answer to `+++` (application note, 1.6). */
export const OK = latin1Bytes('\r\nOK\r\n');
/** The connection has ended (application note, 3.2.3). */
export const CLOSED = latin1Bytes('\r\nCLOSED\r\n');
/** The next client of a server (application note, 3.2.7). */
export const NEXT_CLIENT: Marker = { bytes: latin1Bytes('\r\n+CLIENT: 0,'), doubt: 'closed' };
/** What a module in command mode says to bytes that are no command. */
export const ERROR = latin1Bytes('\r\nERROR\r\n');

/**
 * The lines that tell that data mode has ended: `CLOSED`, those that a module prints about a link or a network that has
 * ended, and those that only a start prints. Each may be the only one that is not lost.
 */
export const MARKERS: readonly Marker[] = [
  { bytes: CLOSED, doubt: 'closed' },
  ...['+CIPCLOSE: 0,', '+IPCLOSE: 0,', '+CIPEVENT: NETWORK CLOSED'].map(
    (text): Marker => ({ bytes: latin1Bytes(`\r\n${text}`), doubt: 'closed' }),
  ),
  ...restarted.map(({ text, match }): Marker => {
    const line = match === 'line' ? `\r\n${text}\r\n` : `\r\n${text}`;
    return { bytes: latin1Bytes(line), doubt: 'restarted' };
  }),
  // Not only a start prints this, but a module that restarts again and again may get no further.
  { bytes: latin1Bytes('\r\n+CPIN: '), doubt: 'restarted' },
];

const LONGEST = Math.max(...MARKERS.map(({ bytes }) => bytes.length));
const CR = 0x0d;
const NUL = 0x00;

/** The first of the markers in `data` from `from` on, with the NULs that a start prints before it. */
export function findMarker(
  data: Uint8Array,
  from: number,
  markers: readonly Marker[],
): { readonly at: number; readonly end: number; readonly marker: Marker } | undefined {
  for (let cr = data.indexOf(CR, from); cr >= 0; cr = data.indexOf(CR, cr + 1)) {
    const marker = markers.find(({ bytes }) => startsWith(data, bytes, cr, bytes.length));
    if (marker === undefined) continue;
    let at = cr;
    while (at > 0 && data[at - 1] === NUL) at -= 1;
    return { at, end: cr + marker.bytes.length, marker };
  }
  return undefined;
}

/** How many bytes at the end of `data` may be the beginning of a marker. */
export function begunMarker(data: Uint8Array, markers: readonly Marker[]): number {
  for (let count = Math.min(LONGEST - 1, data.length); count > 0; count--) {
    const at = data.length - count;
    if (data[at] !== CR) continue;
    if (markers.some(({ bytes }) => count < bytes.length && startsWith(data, bytes, at, count))) return count;
  }
  return 0;
}

/** Where `text` last stands in `data` before `end`; -1 if it does not. */
export function lastIndexOf(data: Uint8Array, text: Uint8Array, end: number): number {
  for (let at = end - text.length; at >= 0; at--) {
    if (startsWith(data, text, at, text.length)) return at;
  }
  return -1;
}

/** Whether the first `count` bytes of `text` stand in `data` at `at`. */
export function startsWith(data: Uint8Array, text: Uint8Array, at: number, count: number): boolean {
  if (at + count > data.length) return false;
  for (let index = 0; index < count; index++) {
    if (data[at + index] !== text[index]) return false;
  }
  return true;
}

/** A byte for each character. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** A character for each byte. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A line that the module may print in the middle of the data. */
export type Marker = Uint8Array;

/** The connection has ended (application note, 3.2.3). */
export const CLOSED: Marker = bytes('\r\nCLOSED\r\n');
/** The answer to `+++` (application note, 1.6). */
export const OK: Marker = bytes('\r\nOK\r\n');

/** Where `marker` first stands in `data`; -1 if it does not. */
export function find(data: Uint8Array, marker: Marker): number {
  for (let at = data.indexOf(CR); at >= 0; at = data.indexOf(CR, at + 1)) {
    if (startsWith(data, marker, at, marker.length)) return at;
  }
  return -1;
}

/** Whether `data` ends with `marker`. */
export function endsWith(data: Uint8Array, marker: Marker): boolean {
  const at = data.length - marker.length;
  return at >= 0 && startsWith(data, marker, at, marker.length);
}

/** How many bytes at the end of `data` may be the beginning of `marker`. */
export function begun(data: Uint8Array, marker: Marker): number {
  for (let count = Math.min(marker.length - 1, data.length); count > 0; count--) {
    if (startsWith(data, marker, data.length - count, count)) return count;
  }
  return 0;
}

function startsWith(data: Uint8Array, marker: Marker, at: number, count: number): boolean {
  if (at + count > data.length) return false;
  for (let index = 0; index < count; index++) {
    if (data[at + index] !== marker[index]) return false;
  }
  return true;
}

const CR = 0x0d;

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

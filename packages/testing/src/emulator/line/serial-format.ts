/** Speed and frame of a serial line. */
export interface SerialFormat {
  /** Bits per second. */
  readonly baudRate: number;
  /** Bits of a byte. */
  readonly dataBits: 7 | 8;
  /** The parity bit; `space` is always 0. */
  readonly parity: 'none' | 'odd' | 'even' | 'space';
  /** How many bit times the line rests after a byte. */
  readonly stopBits: 1 | 2;
}

/** What an A7600 starts with: 115200 8N1 (protocol 2). */
export const DEFAULT_FORMAT: SerialFormat = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 };

/** Time in ms that one byte takes, its start, parity and stop bits included. */
export function byteTime({ baudRate, dataBits, parity, stopBits }: SerialFormat): number {
  return ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1_000) / baudRate;
}

/** Whether two ends understand each other. */
export function sameFormat(a: SerialFormat, b: SerialFormat): boolean {
  return a.baudRate === b.baudRate && a.dataBits === b.dataBits && a.parity === b.parity;
}

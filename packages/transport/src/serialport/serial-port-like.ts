import type { Readable } from 'node:stream';
import type { InputLines } from '../serial-link.js';

export type Callback = (error?: Error | null) => void;

/** What is used of an open `SerialPort` of the `serialport` package; held to the real type by a test. */
export interface SerialPortLike extends Readable {
  readonly isOpen: boolean;
  readonly baudRate: number;
  write(bytes: Uint8Array, callback: Callback): boolean;
  close(callback: Callback): void;
  update(options: { baudRate: number }, callback: Callback): void;
  set(lines: { dtr: boolean; rts: boolean; brk: boolean }, callback: Callback): void;
  get(callback: (error: Error | null, lines?: InputLines) => void): void;
  drain(callback: Callback): void;
}

import type { PayloadSize } from './reply.js';

/** Longest payload; what an entry of variable length has beyond it is dropped (protocol 9.3). */
export const MAX_PAYLOAD = 1500;

/** Longest text or PDU of a message as it is typed; what is beyond it is dropped. */
const MAX_MESSAGE = 4096;

const LONGEST = { 'until-sub': MAX_PAYLOAD, message: MAX_MESSAGE };

/** The payload of one command as it is typed. */
export class Entry {
  /** `cancelled` by ESC, which only an entry of variable length knows. */
  state: 'open' | 'complete' | 'cancelled' = 'open';
  private readonly size: PayloadSize;
  private readonly bytes: Uint8Array;
  private filled = 0;
  private escaped = false;

  constructor(size: PayloadSize) {
    this.size = size;
    this.bytes = new Uint8Array(typeof size === 'number' ? size : LONGEST[size]);
  }

  /** Takes bytes up to the end of the entry; returns how many. */
  feed(bytes: Uint8Array): number {
    return typeof this.size === 'number' ? this.feedCounted(bytes) : this.feedVariable(bytes);
  }

  payload(): Uint8Array {
    return this.bytes.subarray(0, this.filled);
  }

  private feedCounted(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.bytes.length - this.filled);
    this.bytes.set(part, this.filled);
    this.filled += part.length;
    if (this.filled === this.bytes.length) this.state = 'complete';
    return part.length;
  }

  /** ETX lets the next byte stand for itself (AT command manual, CIPSEND). */
  private feedVariable(bytes: Uint8Array): number {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.escaped) {
        this.escaped = false;
        this.keep(byte);
      } else if (byte === ETX && this.size === 'until-sub') {
        this.escaped = true;
      } else if (byte === SUB || byte === ESC) {
        this.state = byte === SUB ? 'complete' : 'cancelled';
        return at + 1;
      } else {
        this.keep(byte);
      }
    }
    return bytes.length;
  }

  private keep(byte: number): void {
    if (this.filled < this.bytes.length) this.bytes[this.filled++] = byte;
  }
}

const ETX = 0x03;
const SUB = 0x1a;
const ESC = 0x1b;

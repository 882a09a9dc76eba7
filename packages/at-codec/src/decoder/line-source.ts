import { latin1 } from './latin1.js';

/** How many bytes a call decodes ahead, if there are as many. A text keeps no more than that in memory. */
const AHEAD = 512;
/** From how many bytes on what lies between two texts is payload, so that nothing is decoded ahead. */
const FAR = 64;

/**
 * Bytes in which lines stand one after the other. A caller that reads the text of one line usually reads
 * that of the next, and a native call costs as much as ten slices of a string: one call decodes ahead.
 */
export class LineSource {
  readonly bytes: Uint8Array;
  /** The bytes before this index do not change any more. */
  end: number;
  private decoded = '';
  private from = 0;

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes;
    this.end = end;
  }

  /** Returns the text from `start` to `end`: a character for each byte. */
  text(start: number, end: number): string {
    if (start < this.from || end > this.from + this.decoded.length) {
      const ahead = start < this.from + this.decoded.length + FAR ? AHEAD : 0;
      this.decoded = latin1(this.bytes, start, Math.max(end, Math.min(start + ahead, this.end)));
      this.from = start;
    }
    return this.decoded.slice(start - this.from, end - this.from);
  }
}

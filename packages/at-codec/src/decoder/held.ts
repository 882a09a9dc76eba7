import { LineSource } from './line-source.js';

/** The size of a buffer in bytes. A part that was handed out is never written again. */
const BUFFER = 4096;

/** Up to this many bytes, a loop copies faster than `set`. */
const SHORT = 64;

/** The bytes of a frame that the chunks so far have not completed. */
export class Held {
  source = new LineSource(new Uint8Array(BUFFER), 0);
  start = 0;

  get bytes(): Uint8Array {
    return this.source.bytes;
  }

  get end(): number {
    return this.source.end;
  }

  get length(): number {
    return this.source.end - this.start;
  }

  /** Adds `chunk` from `from` to `to`. */
  add(chunk: Uint8Array, from: number, to: number): void {
    if (this.end + to - from > this.bytes.length) this.move(to - from);
    const { source } = this;
    const { bytes, end: first } = source;
    let end = first;
    if (to - from > SHORT) bytes.set(chunk.subarray(from, to), first);
    else for (let at = from; at < to; at++) bytes[end++] = chunk[at] as number;
    source.end = first + to - from;
  }

  /** Removes and returns the held bytes. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(this.start, this.end);
    this.start = this.end;
    return taken;
  }

  private move(more: number): void {
    const kept = this.bytes.subarray(this.start, this.end);
    this.source = new LineSource(new Uint8Array(Math.max(BUFFER, 2 * (kept.length + more))), kept.length);
    this.bytes.set(kept);
    this.start = 0;
  }
}

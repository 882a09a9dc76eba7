/** Bytes are gathered in blocks of this size; what was given out of a block is never written again. */
const BLOCK = 4096;

/** Up to here a plain loop copies faster than a call. */
const SHORT = 64;

/** The beginning of something that the chunks so far have not completed. */
export class Held {
  bytes = new Uint8Array(BLOCK);
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Adds `chunk` from `from` to `to`. */
  add(chunk: Uint8Array, from: number, to: number): void {
    if (this.end + to - from > this.bytes.length) this.move(to - from);
    const { bytes } = this;
    let { end } = this;
    if (to - from > SHORT) bytes.set(chunk.subarray(from, to), end);
    else for (let at = from; at < to; at++) bytes[end++] = chunk[at] as number;
    this.end += to - from;
  }

  /** Gives out what is held, and holds nothing any more. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(this.start, this.end);
    this.start = this.end;
    return taken;
  }

  private move(more: number): void {
    const kept = this.bytes.subarray(this.start, this.end);
    this.bytes = new Uint8Array(Math.max(BLOCK, 2 * (kept.length + more)));
    this.bytes.set(kept);
    this.start = 0;
    this.end = kept.length;
  }
}

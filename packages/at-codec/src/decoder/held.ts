/** The size of a buffer in bytes. A part that was handed out is never written again. */
const BUFFER = 4096;

/** Up to this many bytes, a loop copies faster than `set`. */
const SHORT = 64;

/** The bytes of a frame that the chunks so far have not completed. */
export class Held {
  bytes = new Uint8Array(BUFFER);
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

  /** Removes and returns the held bytes. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(this.start, this.end);
    this.start = this.end;
    return taken;
  }

  private move(more: number): void {
    const kept = this.bytes.subarray(this.start, this.end);
    this.bytes = new Uint8Array(Math.max(BUFFER, 2 * (kept.length + more)));
    this.bytes.set(kept);
    this.start = 0;
    this.end = kept.length;
  }
}

/** Bytes that wait, first in first out. */
export class ByteQueue {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  get length(): number {
    return this.size;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push(bytes);
    this.size += bytes.length;
  }

  /** Takes up to `count` bytes out. */
  take(count: number): Uint8Array {
    const taken = new Uint8Array(Math.min(count, this.size));
    let filled = 0;
    while (filled < taken.length) {
      const first = this.chunks[0] as Uint8Array;
      const part = first.subarray(0, taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.chunks.shift();
      else this.chunks[0] = first.subarray(part.length);
    }
    this.size -= taken.length;
    return taken;
  }

  clear(): void {
    this.chunks.length = 0;
    this.size = 0;
  }
}

/** Bytes that wait for a reader, up to a capacity beyond which they are lost. */
export class Fifo {
  /** How many bytes it holds at most. */
  capacity = Number.POSITIVE_INFINITY;
  private readonly chunks: Uint8Array[] = [];
  private size = 0;
  private overrun = 0;
  private readonly watchers = new Set<() => void>();

  /** Calls `watcher` whenever the level has changed; returns what ends that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Bytes that wait. */
  get length(): number {
    return this.size;
  }

  /** Bytes that found no room. */
  get lost(): number {
    return this.overrun;
  }

  push(bytes: Uint8Array): void {
    const fitting = bytes.subarray(0, Math.max(0, this.capacity - this.size));
    this.overrun += bytes.length - fitting.length;
    if (fitting.length === 0) return;
    this.chunks.push(fitting);
    this.size += fitting.length;
    this.changed();
  }

  /** The bytes that came first, in the chunk in which they came. */
  peek(): Uint8Array | undefined {
    return this.chunks[0];
  }

  /** Takes `count` bytes of {@link peek} out. */
  drop(count: number): void {
    const [first] = this.chunks;
    if (first === undefined || count === 0) return;
    if (count < first.length) this.chunks[0] = first.subarray(count);
    else this.chunks.shift();
    this.size -= count;
    this.changed();
  }

  clear(): void {
    this.chunks.length = 0;
    this.size = 0;
    this.changed();
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

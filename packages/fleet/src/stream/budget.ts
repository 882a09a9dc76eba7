/** Bytes that one stream may have on their way to this side at the least. */
const SMALLEST = 4_096;
/** Bytes that one stream may have on their way at the most, whatever the other side permits. */
export const LARGEST = 2_097_152;

/**
 * Divides what may be on its way to one connection among its streams: a server cuts a connection whose reader has
 * stopped while more waits for it.
 */
export class CreditBudget {
  private readonly total: number;
  private readonly streams = new Set<() => number>();

  /** @param total - Bytes for all streams together. Default 4 MiB. */
  constructor(total = 4 * 2 ** 20) {
    this.total = total;
  }

  /** Takes a stream in; `outstanding` says what it has been permitted and not received. Returns what removes it. */
  add(outstanding: () => number): () => void {
    this.streams.add(outstanding);
    return () => this.streams.delete(outstanding);
  }

  /** How much a stream that has `outstanding` already may have altogether. */
  allowance(outstanding: number): number {
    const share = Math.floor(this.total / Math.max(1, this.streams.size));
    const fair = Math.max(SMALLEST, Math.min(LARGEST, share));
    let used = 0;
    for (const of of this.streams) used += of();
    const left = Math.max(0, this.total - used);
    return Math.max(SMALLEST, Math.min(fair, outstanding + left));
  }
}

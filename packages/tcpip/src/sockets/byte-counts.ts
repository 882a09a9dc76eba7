import type { LinkProgress } from '@a7600/at-codec';

/** What was read from a connection, and written to it, here. */
export interface OwnCounts {
  /** Bytes that the module gave. */
  readonly read: number;
  /** Bytes that the module has confirmed. */
  readonly confirmed: number;
  /** The same with those that are on their way. */
  readonly submitted: number;
}

/** What the counters of the module show: another program has read or written, or the link is another connection's. */
export type Finding = 'bytes are missing' | 'bytes are added' | 'another connection';

/**
 * Compares what the module counts of a connection (`AT+CIPACK`) with what was read and written here. The list of links
 * does not show that another program has read from a connection, written into it, or opened one to the same peer under its
 * number; the counters do. No firmware is taken at its word before its counters have agreed once, and were not zero.
 */
export class ByteCounts {
  /** What the module had received when it was asked last, and what was read here by then. */
  private last: { readonly received: number; readonly read: number } | undefined;
  private countsReceived = false;
  /** What it had sent when that was last all that was written here. */
  private agreed: number | undefined;

  /** Takes note of the answer to `AT+CIPACK`. */
  progress({ sent, received }: LinkProgress, { read, confirmed, submitted }: OwnCounts): Finding | undefined {
    this.last = { received, read };
    if (sent > 0 && sent === confirmed && sent === submitted) this.agreed = sent;
    if (this.countsReceived && received < read) return 'another connection';
    if (this.agreed === undefined) return undefined;
    if (sent < this.agreed) return 'another connection';
    return sent > submitted ? 'bytes are added' : undefined;
  }

  /** Takes note of how many bytes the module holds, which it says after the other counts: none is missing then. */
  held(held: number, { read }: OwnCounts): Finding | undefined {
    if (this.last === undefined) return undefined;
    const taken = this.last.received - held;
    if (taken > 0 && taken === read && this.last.read === read) this.countsReceived = true;
    return this.countsReceived && taken > read ? 'bytes are missing' : undefined;
  }
}

/** An event that waits for the server. */
export interface Spooled {
  readonly subject: string;
  readonly id: string;
  readonly data: Uint8Array;
}

/** Bytes of all events that wait: bundles are long. */
const BYTES = 4 * 2 ** 20;

/** Keeps events in order until they are stored: the oldest are discarded, and counted, when there are too many. */
export class Spool {
  private readonly waiting: Spooled[] = [];
  private readonly capacity: number;
  private readonly bytes: number;
  private used = 0;
  private discarded = 0;

  constructor(capacity = 1_000, bytes = BYTES) {
    this.capacity = capacity;
    this.bytes = bytes;
  }

  /** How many events were discarded so far. */
  get dropped(): number {
    return this.discarded;
  }

  /** The oldest event that waits. */
  get first(): Spooled | undefined {
    return this.waiting[0];
  }

  add(event: Spooled): void {
    this.waiting.push(event);
    this.used += event.data.length;
    while (this.waiting.length > this.capacity || this.used > this.bytes) {
      this.used -= this.waiting.shift()?.data.length ?? 0;
      this.discarded += 1;
    }
  }

  /** An event is stored. */
  remove(event: Spooled): void {
    const index = this.waiting.indexOf(event);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    this.used -= event.data.length;
  }
}

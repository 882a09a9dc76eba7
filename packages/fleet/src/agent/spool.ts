/** An event that waits for the server. */
export interface Spooled {
  readonly subject: string;
  readonly id: string;
  readonly data: Uint8Array;
}

/** Keeps events in order until they are stored: the oldest are discarded, and counted, when there are too many. */
export class Spool {
  private readonly waiting: Spooled[] = [];
  private readonly capacity: number;
  private discarded = 0;

  constructor(capacity = 1_000) {
    this.capacity = capacity;
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
    if (this.waiting.length <= this.capacity) return;
    this.waiting.shift();
    this.discarded += 1;
  }

  /** An event is stored. */
  remove(event: Spooled): void {
    const index = this.waiting.indexOf(event);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}

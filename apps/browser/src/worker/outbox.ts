import type { Batch, PageState } from '../protocol.js';

type Lists = Omit<Batch, 'state' | 'reset'>;
/** What the page is sent lists of. */
type List = keyof Lists;

/** Entries of a list that wait at the most: more than the page shows of it. */
const LIMIT = 4_000;
/** Shortest time between two batches, in ms. */
const PACE = 100;

const nothing = (): { [K in List]: Lists[K][number][] } => ({
  entries: [],
  samples: [],
  shown: [],
  printed: [],
  diagnoses: [],
  files: [],
});

/**
 * Sends the page what has changed, one batch at a time: the next one when the page has shown the last. While it
 * does not, states are replaced, and of each list the newest entries wait; what waits is bounded, however long the
 * page is busy. The journal has what is left out here.
 */
export class Outbox {
  private readonly post: (batch: Batch) => void;
  private state: Partial<PageState> = {};
  private lists = nothing();
  private isReset = false;
  /** Whether the page has not shown the last batch. */
  private isWaiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `post` is called with each batch. */
  constructor(post: (batch: Batch) => void) {
    this.post = post;
  }

  /** A new source: what waits is of the old one. */
  reset(): void {
    this.state = {};
    this.lists = nothing();
    this.isReset = true;
    this.plan();
  }

  /** Replaces parts of the state. */
  set(change: Partial<PageState>): void {
    Object.assign(this.state, change);
    this.plan();
  }

  /** Appends to a list. */
  add<K extends List>(list: K, entry: Lists[K][number]): void {
    const waiting = this.lists[list] as Lists[K][number][];
    waiting.push(entry);
    if (waiting.length > 2 * LIMIT) waiting.splice(0, waiting.length - LIMIT);
    this.plan();
  }

  /** The page has shown the last batch. */
  taken(): void {
    this.isWaiting = false;
    this.plan();
  }

  private plan(): void {
    if (this.isWaiting || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, PACE);
  }

  private flush(): void {
    const { state, lists, isReset } = this;
    const isEmpty = Object.values(lists).every(({ length }) => length === 0);
    if (isEmpty && !isReset && Object.keys(state).length === 0) return;
    this.state = {};
    this.lists = nothing();
    this.isReset = false;
    this.isWaiting = true;
    this.post({ state, reset: isReset, ...lists, entries: lists.entries.slice(-LIMIT) });
  }
}

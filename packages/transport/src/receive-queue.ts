import { Observable, type Subscriber } from 'rxjs';
import type { ByteLink, LinkEnd } from './byte-link.js';

/**
 * The receiving half of a {@link ByteLink}, for links of your own: it shares what arrives between
 * subscribers, queues it while there is no demand, and ends in order.
 */
export interface ReceiveQueue<T = Uint8Array> extends Pick<ByteLink, 'ended$' | 'pause' | 'resume'> {
  /** Hot and shared, no replay; see `ByteLink.received$`. */
  readonly received$: Observable<T>;
  /** Whether a pushed chunk would be delivered at once: subscribed, not paused, nothing queued, not ended. */
  readonly hasDemand: boolean;
  /** Bytes that were pushed and are not delivered yet. */
  readonly queuedBytes: number;
  /** Set by {@link announce} and {@link end}. */
  readonly reason: LinkEnd | undefined;
  /**
   * Delivers a chunk at once if there is demand, else later and in order. Ignored after {@link finish}.
   *
   * @param chunk what arrived; it must not be changed afterwards
   */
  push(chunk: T): void;
  /**
   * Emits on `ended$` why no more can be written; bytes may still be pushed. The first one counts.
   *
   * @param reason why the link ends
   */
  announce(reason: LinkEnd): void;
  /** Ends `received$` after what was pushed before, with the error of a loss: no more bytes arrive. */
  finish(): void;
  /**
   * Errors `received$` after what was pushed before: bytes that should arrive will not.
   *
   * @param error what `received$` errors with
   */
  fail(error: Error): void;
  /**
   * Announces and finishes.
   *
   * @param reason why the link ends
   */
  end(reason: LinkEnd): void;
}

/**
 * Makes a {@link ReceiveQueue}.
 *
 * @param onDemand called whenever `hasDemand` changes, so that the source can start or stop
 *   delivering; what it pushes without demand is queued.
 * @returns the queue
 */
export function receiveQueue(onDemand?: (hasDemand: boolean) => void): ReceiveQueue {
  return receiveQueueOf((bytes) => bytes.length, onDemand);
}

/**
 * Makes a {@link ReceiveQueue} for chunks that are more than their bytes, such as datagrams.
 *
 * @param sizeOf counts the bytes of a chunk.
 * @param onDemand see {@link receiveQueue}.
 * @returns the queue
 */
export function receiveQueueOf<T>(
  sizeOf: (chunk: T) => number,
  onDemand: (hasDemand: boolean) => void = () => {},
): ReceiveQueue<T> {
  return new SharedQueue(sizeOf, onDemand);
}

const NONE: readonly never[] = [];

function tell(subscriber: Subscriber<LinkEnd>, reason: LinkEnd): void {
  subscriber.next(reason);
  subscriber.complete();
}

/** A class, since each socket has one: its methods are shared, where each would have closures of its own. */
class SharedQueue<T> implements ReceiveQueue<T> {
  readonly received$ = new Observable<T>((subscriber) => this.subscribed(subscriber));
  readonly ended$ = new Observable<LinkEnd>((subscriber) => this.awaitsEnd(subscriber));
  reason: LinkEnd | undefined;
  queuedBytes = 0;
  private readonly sizeOf: (chunk: T) => number;
  private readonly onDemand: (hasDemand: boolean) => void;
  /**
   * Another array with each change, so that a chunk goes to those who were there when it came. A `Subject` does the
   * same, and costs several times as much.
   */
  private subscribers: readonly Subscriber<T>[] = NONE;
  /** Subscribers of `ended$`, likewise. */
  private awaiting: readonly Subscriber<LinkEnd>[] = NONE;
  private queue: T[] = [];
  private paused = false;
  private delivering = false;
  /** What `onDemand` was told last. */
  private demand = false;
  private finished = false;
  private failure: Error | undefined;

  constructor(sizeOf: (chunk: T) => number, onDemand: (hasDemand: boolean) => void) {
    this.sizeOf = sizeOf;
    this.onDemand = onDemand;
  }

  get hasDemand(): boolean {
    return this.wanted && this.queue.length === 0 && !this.finished;
  }

  // Bound: links have them as members of their own.
  readonly pause = () => {
    this.paused = true;
    this.settle();
  };
  readonly resume = () => {
    this.paused = false;
    this.settle();
  };
  readonly finish = () => this.settleWith(this.reason?.by === 'lost' ? this.reason.error : undefined);

  push(chunk: T): void {
    const size = this.sizeOf(chunk);
    if (this.finished || size === 0) return;
    if (this.hasDemand && !this.delivering) {
      this.delivering = true;
      for (const subscriber of this.subscribers) subscriber.next(chunk);
      this.delivering = false;
    } else {
      this.queue.push(chunk);
      this.queuedBytes += size;
    }
    this.settle();
  }

  announce(reason: LinkEnd): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    const { awaiting } = this;
    this.awaiting = NONE;
    for (const subscriber of awaiting) tell(subscriber, reason);
  }

  fail(error: Error): void {
    this.settleWith(error);
  }

  end(reason: LinkEnd): void {
    this.announce(reason);
    this.finish();
  }

  private get wanted(): boolean {
    return this.subscribers.length > 0 && !this.paused;
  }

  private subscribed(subscriber: Subscriber<T>): () => void {
    this.subscribers = this.subscribers.concat(subscriber);
    this.settle();
    return () => {
      this.subscribers = this.subscribers.filter((other) => other !== subscriber);
      this.settle();
    };
  }

  private awaitsEnd(subscriber: Subscriber<LinkEnd>): (() => void) | undefined {
    if (this.reason !== undefined) {
      tell(subscriber, this.reason);
      return undefined;
    }
    this.awaiting = this.awaiting.concat(subscriber);
    return () => {
      this.awaiting = this.awaiting.filter((other) => other !== subscriber);
    };
  }

  private settleWith(error: Error | undefined): void {
    if (this.finished) return;
    this.finished = true;
    this.failure = error;
    this.settle();
  }

  /** Delivers what is wanted, ends when all is delivered, and tells a change of the demand. */
  private settle(): void {
    if (!this.delivering) {
      if (this.queue.length > 0) this.deliver();
      if (this.finished && this.queue.length === 0) {
        const { subscribers } = this;
        this.subscribers = NONE;
        for (const subscriber of subscribers) {
          if (this.failure === undefined) subscriber.complete();
          else subscriber.error(this.failure);
        }
      }
    }
    if (this.hasDemand === this.demand) return;
    this.demand = !this.demand;
    this.onDemand(this.demand);
  }

  private deliver(): void {
    this.delivering = true;
    let next = 0;
    while (this.wanted && next < this.queue.length) {
      const chunk = this.queue[next++] as T;
      this.queuedBytes -= this.sizeOf(chunk);
      for (const subscriber of this.subscribers) subscriber.next(chunk);
    }
    this.queue = this.queue.slice(next);
    this.delivering = false;
  }
}

import { Observable, ReplaySubject, Subject } from 'rxjs';
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
  const subject = new Subject<T>();
  const ended$ = new ReplaySubject<LinkEnd>(1);
  let queue: T[] = [];
  let queuedBytes = 0;
  let subscribers = 0;
  let paused = false;
  let delivering = false;
  let demand = false;
  let finished = false;
  let failure: Error | undefined;
  let reason: LinkEnd | undefined;

  const wanted = () => subscribers > 0 && !paused;
  const hasDemand = () => wanted() && queue.length === 0 && !finished;

  const deliver = () => {
    delivering = true;
    let next = 0;
    while (wanted() && next < queue.length) {
      const chunk = queue[next++] as T;
      queuedBytes -= sizeOf(chunk);
      subject.next(chunk);
    }
    queue = queue.slice(next);
    delivering = false;
  };

  const settle = () => {
    if (!delivering) {
      if (queue.length > 0) deliver();
      if (finished && queue.length === 0) {
        if (failure === undefined) subject.complete();
        else subject.error(failure);
      }
    }
    if (hasDemand() === demand) return;
    demand = !demand;
    onDemand(demand);
  };

  const announce = (by: LinkEnd) => {
    if (reason !== undefined) return;
    reason = by;
    ended$.next(by);
    ended$.complete();
  };

  const settleWith = (error: Error | undefined) => {
    if (finished) return;
    finished = true;
    failure = error;
    settle();
  };

  const finish = () => settleWith(reason?.by === 'lost' ? reason.error : undefined);

  return {
    received$: new Observable<T>((subscriber) => {
      const subscription = subject.subscribe(subscriber);
      subscribers += 1;
      subscription.add(() => {
        subscribers -= 1;
        settle();
      });
      settle();
      return subscription;
    }),
    ended$: ended$.asObservable(),
    get hasDemand() {
      return hasDemand();
    },
    get queuedBytes() {
      return queuedBytes;
    },
    get reason() {
      return reason;
    },
    pause() {
      paused = true;
      settle();
    },
    resume() {
      paused = false;
      settle();
    },
    push(chunk) {
      const size = sizeOf(chunk);
      if (finished || size === 0) return;
      if (hasDemand() && !delivering) {
        delivering = true;
        subject.next(chunk);
        delivering = false;
      } else {
        queue.push(chunk);
        queuedBytes += size;
      }
      settle();
    },
    announce,
    finish,
    fail: settleWith,
    end(by) {
      announce(by);
      finish();
    },
  };
}

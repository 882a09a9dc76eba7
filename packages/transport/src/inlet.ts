import { Observable, ReplaySubject, Subject } from 'rxjs';
import type { ByteLink, LinkEnd } from './byte-link.js';

/**
 * The receiving half of a {@link ByteLink}, for whoever builds one: it shares what comes between
 * subscribers, holds it while nobody wants it, and ends in order.
 */
export interface Inlet<T = Uint8Array> extends Pick<ByteLink, 'ended$' | 'pause' | 'resume'> {
  /** Hot and shared, no replay; see `ByteLink.received$`. */
  readonly received$: Observable<T>;
  /** A pushed piece would be delivered at once: subscribed, not paused, nothing held, not ended. */
  readonly flowing: boolean;
  /** Bytes pushed and not delivered yet. */
  readonly held: number;
  /** Set by {@link announce} and {@link end}. */
  readonly reason: LinkEnd | undefined;
  /** Hands a piece on: now if they are wanted, later in order if not. Ignored after the last one. */
  push(piece: T): void;
  /** Says on `ended$` why no more can be written; bytes may still be pushed. The first one counts. */
  announce(reason: LinkEnd): void;
  /** No more bytes come: ends `received$` behind what was pushed before, with the error of a loss. */
  finish(): void;
  /** No more bytes come although there should be: errors `received$` behind what was pushed before. */
  fail(error: Error): void;
  /** Announces and finishes. */
  end(reason: LinkEnd): void;
}

/**
 * Makes an {@link Inlet}. `onDemand` is told whenever `flowing` changes, so that the source can
 * start or stop delivering; what it pushes in spite of a stop is kept.
 */
export function inlet(onDemand?: (flowing: boolean) => void): Inlet {
  return inletOf((bytes) => bytes.length, onDemand);
}

/** The same for pieces that are more than their bytes, as datagrams are; `sizeOf` counts those. */
export function inletOf<T>(
  sizeOf: (piece: T) => number,
  onDemand: (flowing: boolean) => void = () => {},
): Inlet<T> {
  const subject = new Subject<T>();
  const ended$ = new ReplaySubject<LinkEnd>(1);
  let queue: T[] = [];
  let held = 0;
  let subscribers = 0;
  let paused = false;
  let delivering = false;
  let demand = false;
  let finished = false;
  let failure: Error | undefined;
  let reason: LinkEnd | undefined;

  const wanted = () => subscribers > 0 && !paused;
  const flowing = () => wanted() && queue.length === 0 && !finished;

  const deliver = () => {
    delivering = true;
    let next = 0;
    while (wanted() && next < queue.length) {
      const piece = queue[next++] as T;
      held -= sizeOf(piece);
      subject.next(piece);
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
    if (flowing() === demand) return;
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
    get flowing() {
      return flowing();
    },
    get held() {
      return held;
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
    push(piece) {
      const size = sizeOf(piece);
      if (finished || size === 0) return;
      if (flowing() && !delivering) {
        delivering = true;
        subject.next(piece);
        delivering = false;
      } else {
        queue.push(piece);
        held += size;
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

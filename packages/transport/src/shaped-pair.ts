import { asyncScheduler, type SchedulerLike, Subscription } from 'rxjs';
import { directPair, type PairEnd } from './direct-pair.js';

/** What the way between the two ends of a pair is like, in each direction. */
export interface PairShape {
  /** Time in ms that each byte is on its way. Default 0. */
  readonly latency?: number | undefined;
  /** Bytes per second that pass. Default: any number. */
  readonly bandwidth?: number | undefined;
  /**
   * How many of the `available` bytes the next chunk has, at least 1; called for one chunk after
   * the other. Default: all of them.
   */
  readonly chunk?: ((available: number) => number) | undefined;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Bytes under way in one direction before the writer has to wait. */
const WINDOW = 65_536;

/** A pair with a way between its ends that takes time and cuts: see `linkPair`. */
export function shapedPair(shape: PairShape): [PairEnd, PairEnd] {
  const [a, nearA] = directPair();
  const [b, nearB] = directPair();
  const severed = (error: Error) => {
    a.lose(error);
    b.lose(error);
  };
  carry(nearA, nearB, shape);
  carry(nearB, nearA, shape);
  return [
    { ...a, lose: severed },
    { ...b, lose: severed },
  ];
}

/** Carries what `from` receives to `to`, and its end after it. */
function carry(from: PairEnd, to: PairEnd, shape: PairShape): void {
  const { latency = 0, bandwidth = Number.POSITIVE_INFINITY, chunk, scheduler = asyncScheduler } = shape;
  const timers = new Subscription();
  /** What is under way, in order; a timer lets the first one arrive, whichever timer it is. */
  const underWay: (() => void)[] = [];
  let pending = 0;
  let freeAt = 0;

  const arrive = (at: number, work: () => void) => {
    underWay.push(work);
    const timer = scheduler.schedule(
      () => {
        timers.remove(timer);
        underWay.shift()?.();
      },
      Math.max(0, at - scheduler.now()),
    );
    timers.add(timer);
  };

  const accepted = (size: number) => {
    pending -= size;
    if (pending < WINDOW) from.resume();
  };

  const send = (chunk: Uint8Array) => {
    freeAt = Math.max(freeAt, scheduler.now()) + (1000 * chunk.length) / bandwidth;
    pending += chunk.length;
    if (pending >= WINDOW) from.pause();
    arrive(freeAt + latency, () => {
      to.write(chunk).subscribe({ error: () => {}, complete: () => accepted(chunk.length) });
    });
  };

  from.received$.subscribe({
    next(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const rest = bytes.length - at;
        const size = chunk === undefined ? rest : Math.min(rest, Math.max(1, chunk(rest)));
        send(bytes.subarray(at, at + size));
        at += size;
      }
    },
    error: (error: Error) => {
      timers.unsubscribe();
      to.lose(error);
    },
    complete: () => arrive(Math.max(freeAt, scheduler.now()) + latency, () => to.close().subscribe()),
  });
}

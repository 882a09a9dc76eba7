import { type SchedulerLike, Subscription, throwError } from 'rxjs';
import type { Disposer } from '../base/disposer.js';

/** Rounds of a process that are under way at the same time. */
const AT_ONCE = 8;
/** Time in ms after which those that are under way, whose modules may be mute, hold up no other any more. */
const LONGEST_WAIT = 250;

/**
 * Lets the modems of a process that are due at the same moment be asked a few at a time. They share a hub and the
 * processor, and what is made for a question is garbage as soon as it is answered: with hundreds of them at once, it
 * outlives the collections of young garbage, and the collector then has to go through the whole heap.
 */
export class RoundQueue {
  private readonly scheduler: SchedulerLike;
  private readonly waiting = new Set<() => Subscription>();
  private places = { taken: 0 };
  private timer = Subscription.EMPTY;
  private admitting = false;

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  /**
   * Calls `begin`, which returns the life of a round, at once or when others have ended, unless it is disposed before.
   * Who waits already keeps its place, and is called once. What it throws is reported as an error of a subscriber that has
   * no handler, and ends its round: it is nothing to the other modems.
   */
  enter(begin: () => Subscription): Disposer {
    this.waiting.add(begin);
    this.admit();
    return () => this.waiting.delete(begin);
  }

  private admit(): void {
    if (this.admitting) return;
    this.admitting = true;
    for (const begin of this.waiting) {
      const { places } = this;
      if (places.taken === AT_ONCE) break;
      this.waiting.delete(begin);
      places.taken += 1;
      roundOf(begin).add(() => {
        places.taken -= 1;
        this.admit();
      });
    }
    this.admitting = false;
    if (this.waiting.size === 0) this.timer.unsubscribe();
    else if (this.timer.closed) this.timer = this.scheduler.schedule(() => this.goOn(), LONGEST_WAIT);
  }

  private goOn(): void {
    this.timer = Subscription.EMPTY;
    this.places = { taken: 0 };
    this.admit();
  }
}

/** The life of a round that begins now; it is over if `begin` throws. */
function roundOf(begin: () => Subscription): Subscription {
  try {
    return begin();
  } catch (error) {
    return throwError(() => error).subscribe();
  }
}

const queues = /* @__PURE__ */ new WeakMap<SchedulerLike, RoundQueue>();

/** Returns the queue of all modems with that clock. */
export function roundQueueOf(scheduler: SchedulerLike): RoundQueue {
  let queue = queues.get(scheduler);
  if (queue === undefined) {
    queue = new RoundQueue(scheduler);
    queues.set(scheduler, queue);
  }
  return queue;
}

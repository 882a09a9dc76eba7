import { type SchedulerLike, Subscription } from 'rxjs';
import type { Running } from './job.js';

/** Watches over the commands that were sent, with one timer for all of them. */
export class Deadlines {
  private readonly scheduler: SchedulerLike;
  private readonly inFlight: () => readonly Running[];
  private readonly onDue: (running: Running) => void;
  private timer = Subscription.EMPTY;
  private timerAt = Number.POSITIVE_INFINITY;

  /**
   * `inFlight` returns the commands to watch over. `onDue` is called with one whose time has passed, which is not in flight
   * any more then.
   */
  constructor(
    scheduler: SchedulerLike,
    inFlight: () => readonly Running[],
    onDue: (running: Running) => void,
  ) {
    this.scheduler = scheduler;
    this.inFlight = inFlight;
    this.onDue = onDue;
  }

  /** Sees to it that a command is looked at when it is due; again after that has changed. */
  watch({ due }: Running): void {
    if (due >= this.timerAt) return;
    this.timer.unsubscribe();
    this.timerAt = due;
    this.timer = this.scheduler.schedule(() => this.check(), due - this.scheduler.now());
  }

  stop(): void {
    this.timer.unsubscribe();
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  /** The timer is set for the earliest time there was; a command that is not due yet is watched on. */
  private check(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.scheduler.now();
    for (const running of this.inFlight()) {
      // What was done about one before may have ended others.
      if (!this.inFlight().includes(running)) continue;
      if (running.due > now) this.watch(running);
      else this.onDue(running);
    }
  }
}

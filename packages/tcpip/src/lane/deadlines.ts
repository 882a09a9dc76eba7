import { type SchedulerLike, Subscription } from 'rxjs';
import type { Running } from './job.js';

/** Watches over the commands that were sent, with one timer for all of them. */
export class Deadlines {
  private readonly scheduler: SchedulerLike;
  private readonly onDue: (running: Running) => void;
  private readonly watched = new Set<Running>();
  private timer = Subscription.EMPTY;
  private timerAt = Number.POSITIVE_INFINITY;

  /** `onDue` is called when the time of a command has passed; the command is not watched any more then. */
  constructor(scheduler: SchedulerLike, onDue: (running: Running) => void) {
    this.scheduler = scheduler;
    this.onDue = onDue;
  }

  /** Watches a command until its `due`; again after that has changed. */
  watch(running: Running): void {
    this.watched.add(running);
    if (running.due >= this.timerAt) return;
    this.timer.unsubscribe();
    this.timerAt = running.due;
    this.timer = this.scheduler.schedule(() => this.check(), running.due - this.scheduler.now());
  }

  forget(running: Running): void {
    this.watched.delete(running);
  }

  clear(): void {
    this.watched.clear();
    this.timer.unsubscribe();
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  /** The timer is set for the earliest time there was; a command that is not due yet is watched on. */
  private check(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.scheduler.now();
    for (const running of [...this.watched]) {
      if (running.due > now) {
        this.watch(running);
      } else if (this.watched.delete(running)) {
        this.onDue(running);
      }
    }
  }
}

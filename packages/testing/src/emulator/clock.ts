import { type SchedulerLike, Subscription } from 'rxjs';

/** Does things later, until it is stopped. */
export class Clock {
  readonly scheduler: SchedulerLike;
  private work = new Subscription();

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  /** ms of the scheduler. */
  now(): number {
    return this.scheduler.now();
  }

  /** Does something after `delay` ms, never at once. */
  later(delay: number, work: () => void): Subscription {
    const action = this.scheduler.schedule(() => {
      this.work.remove(action);
      work();
    }, delay);
    this.work.add(action);
    return action;
  }

  /** Does something after `delay` ms; at once where there is none. */
  after(delay: number, work: () => void): Subscription {
    if (delay > 0) return this.later(delay, work);
    work();
    return Subscription.EMPTY;
  }

  /** Keeps a subscription until it ends or the clock is stopped. */
  keep(subscription: Subscription): void {
    if (subscription.closed) return;
    this.work.add(subscription);
    subscription.add(() => this.work.remove(subscription));
  }

  /** Nothing that was planned happens any more. */
  stop(): void {
    this.work.unsubscribe();
    this.work = new Subscription();
  }
}

/** Something that may be due later; setting it again forgets what was planned before. */
export class Alarm {
  private readonly clock: Clock;
  private action: Subscription | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get running(): boolean {
    return this.action !== undefined;
  }

  set(delay: number, work: () => void): void {
    this.cancel();
    this.action = this.clock.later(delay, () => {
      this.action = undefined;
      work();
    });
  }

  cancel(): void {
    this.action?.unsubscribe();
    this.action = undefined;
  }
}

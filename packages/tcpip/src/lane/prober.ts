import { type AtEvent, at, type Command } from '@a7600/at-codec';
import { type SchedulerLike, Subscription } from 'rxjs';

/** Time in ms between two `AT` of a probe. */
export const PROBE_INTERVAL = 1_000;
/** Time in ms without an event after which no answer to an earlier command is expected. */
const QUIET_TIME = 100;

/** What a {@link Prober} does with the module. */
export interface ProberTarget {
  send(command: Command): void;
  /** The module answers and has nothing more to say. */
  quiet(): void;
  /** The module did not answer a single `AT`. */
  silent(): void;
}

/**
 * Sends `AT` until the module answers and is quiet: whatever it still had to say about earlier
 * commands has been said then.
 */
export class Prober {
  private readonly scheduler: SchedulerLike;
  private readonly target: ProberTarget;
  private timer = Subscription.EMPTY;
  private left = 0;
  private answered = false;
  private probing = false;

  constructor(scheduler: SchedulerLike, target: ProberTarget) {
    this.scheduler = scheduler;
    this.target = target;
  }

  /** Whether a probe is under way. */
  get active(): boolean {
    return this.probing;
  }

  /** Begins a probe of so many `AT` at the most; what `first` sends is part of what has to be answered. */
  start(probes: number, first: () => void = () => {}): void {
    this.left = probes;
    this.probing = true;
    first();
    this.answered = false;
    this.probe();
  }

  stop(): void {
    this.probing = false;
    this.timer.unsubscribe();
  }

  /** Takes an event if it answers a probe, or a command from before it, and says whether it did. */
  offer(event: AtEvent): boolean {
    if (!this.probing) return false;
    const answers = event.kind === 'result';
    this.answered ||= answers;
    if (this.answered) this.setTimer(QUIET_TIME, () => this.finish());
    return answers || event.kind === 'echo';
  }

  private probe(): void {
    if (this.left === 0) {
      this.stop();
      this.target.silent();
      return;
    }
    this.left -= 1;
    this.setTimer(PROBE_INTERVAL, () => this.probe());
    this.target.send(at());
  }

  private finish(): void {
    this.stop();
    this.target.quiet();
  }

  private setTimer(delay: number, work: () => void): void {
    this.timer.unsubscribe();
    this.timer = this.scheduler.schedule(work, delay);
  }
}

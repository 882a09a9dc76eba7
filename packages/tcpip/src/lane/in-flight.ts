import { type AtEvent, exchange, type Settled } from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import { Deadlines } from './deadlines.js';
import type { Job, Running } from './job.js';

const NONE: readonly Running[] = [];

/** The commands that were sent and are not settled: one on the wire, and those that wait for their outcome. */
export class InFlight {
  /** The command whose final result is to come. */
  current: Running | undefined;
  /**
   * Those that wait for their outcome. The list is replaced: a set that becomes empty, which this does with each send,
   * makes itself another table each time, and one that outlives the collections of young garbage keeps the next ones alive.
   */
  private outstanding: readonly Running[] = NONE;
  private readonly scheduler: SchedulerLike;
  private readonly deadlines: Deadlines;
  /** When a command was refused last. */
  private refusedAt = Number.NEGATIVE_INFINITY;

  /** `onDue` is called when a command has waited long enough for what comes next. */
  constructor(scheduler: SchedulerLike, onDue: (running: Running) => void) {
    this.scheduler = scheduler;
    this.deadlines = new Deadlines(scheduler, () => this.all, onDue);
  }

  /** The command of `job` is about to be sent. */
  begin(job: Job): void {
    const conversation = exchange(job.command);
    const { timeLimit } = conversation;
    const now = this.scheduler.now();
    const deadline = now + job.command.timeout;
    const due = Math.min(deadline, now + timeLimit.ms);
    this.current = { exchange: conversation, job, timeLimit, due, deadline, begun: false };
    this.deadlines.watch(this.current);
  }

  /** The command to which an event belongs, which has taken it. */
  offer(event: AtEvent): Running | undefined {
    const { current } = this;
    if (current?.exchange.offer(event, this.scheduler.now() - this.refusedAt)) {
      this.extend(current);
      return current;
    }
    for (const waiting of this.outstanding) if (waiting.exchange.offer(event)) return waiting;
    return undefined;
  }

  /** The line is free for the next command, while this one waits for its outcome. */
  putAside(running: Running): void {
    this.current = undefined;
    this.outstanding = this.outstanding.concat(running);
  }

  /** A command is settled. */
  remove(running: Running): void {
    if (this.current === running) this.current = undefined;
    else if (this.outstanding.includes(running)) {
      this.outstanding = this.outstanding.filter((other) => other !== running);
    }
    if (running.exchange.settled?.ok === false) this.refusedAt = this.scheduler.now();
  }

  /** Those that wait for their outcome. */
  waiting(): readonly Running[] {
    return this.outstanding;
  }

  /** Settles all of them. */
  end(settled: Settled<never>): void {
    const { all } = this;
    this.deadlines.stop();
    this.current = undefined;
    this.outstanding = NONE;
    for (const { job } of all) job.settle(settled);
  }

  private get all(): readonly Running[] {
    return this.current === undefined ? this.outstanding : [this.current, ...this.outstanding];
  }

  private extend(running: Running): void {
    const { timeLimit } = running.exchange;
    if (timeLimit === running.timeLimit) return;
    running.timeLimit = timeLimit;
    running.due = Math.min(running.deadline, this.scheduler.now() + timeLimit.ms);
    this.deadlines.watch(running);
  }
}

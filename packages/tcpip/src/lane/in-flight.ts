import { type AtEvent, exchange, type Settled } from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import { Deadlines } from './deadlines.js';
import type { Job, Running } from './job.js';

/** The commands that were sent and are not settled: one on the wire, and those that wait for their outcome. */
export class InFlight {
  /** The command whose final result is to come. */
  current: Running | undefined;
  private readonly outstanding = new Set<Running>();
  private readonly scheduler: SchedulerLike;
  private readonly deadlines: Deadlines;
  /** When a command was refused last. */
  private refusedAt = Number.NEGATIVE_INFINITY;

  /** `onDue` is called when a command has waited long enough for what comes next. */
  constructor(scheduler: SchedulerLike, onDue: (running: Running) => void) {
    this.scheduler = scheduler;
    this.deadlines = new Deadlines(scheduler, onDue);
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
    this.outstanding.add(running);
  }

  /** A command is settled. */
  remove(running: Running): void {
    if (this.current === running) this.current = undefined;
    this.outstanding.delete(running);
    this.deadlines.forget(running);
    if (running.exchange.settled?.ok === false) this.refusedAt = this.scheduler.now();
  }

  /** Those that wait for their outcome. */
  waiting(): Running[] {
    return [...this.outstanding];
  }

  /** Settles all of them. */
  end(settled: Settled<never>): void {
    const all = this.current === undefined ? this.waiting() : [this.current, ...this.outstanding];
    this.deadlines.clear();
    this.current = undefined;
    this.outstanding.clear();
    for (const { job } of all) job.settle(settled);
  }

  private extend(running: Running): void {
    const { timeLimit } = running.exchange;
    if (timeLimit === running.timeLimit) return;
    running.timeLimit = timeLimit;
    running.due = Math.min(running.deadline, this.scheduler.now() + timeLimit.ms);
    this.deadlines.watch(running);
  }
}

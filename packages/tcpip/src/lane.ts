import {
  type AtEvent,
  at,
  type Command,
  commandBytes,
  type Decoder,
  type Exchange,
  exchange,
  type Settled,
} from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import { ModemError } from './errors.js';
import type { Trace } from './trace.js';

/** What a {@link Lane} works with. */
export interface LaneOptions {
  readonly link: Pick<ByteLink, 'write'>;
  readonly decoder: Pick<Decoder, 'awaitPrompt' | 'expectEcho' | 'lineMode'>;
  readonly scheduler: SchedulerLike;
  readonly trace: Trace | undefined;
  /** Time in ms that the module has for its first answer. */
  readonly startTimeout: number;
  /** Told when the module does not answer any more. */
  readonly onSilent: (error: ModemError) => void;
}

/**
 * Somebody with bulk traffic. `next` is asked when it is its turn, so that it can decide as late
 * as possible what to send; it returns nothing when there is nothing to do after all.
 */
export interface TrafficSource {
  next(): Job | undefined;
}

/** A command and who wants to know how it ended. */
export interface Job<R = unknown> {
  readonly command: Command<R>;
  settle(settled: Settled<R>): void;
}

interface Running {
  readonly exchange: Exchange;
  readonly deadline: number;
  job: Job | undefined;
}

/** Time in ms between two `AT` of a resynchronisation. */
const PROBE_INTERVAL = 1_000;
/** Probes without an answer after which a module that used to answer counts as silent. */
const PROBES = 15;
/** Time in ms without an event after which no answer to an earlier command is expected. */
const QUIET_TIME = 100;

/**
 * The one way to the module. Commands go out one at a time, each when the one before has its final
 * result; outcomes that follow later are matched while other commands run.
 *
 * Control commands and bulk traffic take turns; the sources of traffic take turns among
 * themselves. A lane begins, and goes on after a command was not answered in time, by sending
 * `AT` until the module answers and has nothing more to say.
 */
export class Lane {
  private readonly options: LaneOptions;
  private readonly queue: Job[] = [];
  private readonly ready: TrafficSource[] = [];
  private current: Running | undefined;
  /** Commands that have their `OK` and wait for their outcome. */
  private readonly outstanding: Running[] = [];
  private trafficIsNext = false;
  private probing: { left: number; answered: boolean; timer: Subscription } | undefined;
  private watch: { readonly at: number; readonly timer: Subscription } | undefined;
  private ended: Error | undefined;

  constructor(options: LaneOptions) {
    this.options = options;
  }

  /** Starts work: finds out whether the module listens, then sends what is queued. */
  start(): void {
    this.resynchronise(Math.ceil(this.options.startTimeout / PROBE_INTERVAL));
  }

  /**
   * Sends a command when its turn comes. Cold: each subscription queues it once, emits its value
   * and completes, or errors with what the module answered. Unsubscribing takes it out of the
   * queue; once it is sent, the lane still waits for its end, so that a late answer is never taken
   * for the next command's.
   */
  run<R>(command: Command<R>): Observable<R> {
    return new Observable((subscriber) => {
      const job: Job = {
        command,
        settle(settled) {
          if (!settled.ok) {
            subscriber.error(settled.error);
            return;
          }
          subscriber.next(settled.value as R);
          subscriber.complete();
        },
      };
      this.enqueue(job);
      return () => this.withdraw(job);
    });
  }

  /** Queues a control command. */
  enqueue(job: Job): void {
    if (this.ended !== undefined) {
      job.settle({ ok: false, error: this.ended });
      return;
    }
    this.queue.push(job);
    this.advance();
  }

  /** Asks `source` for work when its turn comes; it has to be woken again for more. */
  wake(source: TrafficSource): void {
    if (this.ended !== undefined || this.ready.includes(source)) return;
    this.ready.push(source);
    this.advance();
  }

  /** Takes an event if it belongs to a command, and says whether it did. */
  offer(event: AtEvent): boolean {
    if (this.probing !== undefined && this.offerProbe(event)) return true;
    const { current } = this;
    if (current?.exchange.offer(event)) {
      if (event.kind === 'prompt') this.sendPayload(current.exchange);
      else this.progress(current);
      return true;
    }
    for (const waiting of this.outstanding) {
      if (!waiting.exchange.offer(event)) continue;
      this.settle(waiting);
      return true;
    }
    return false;
  }

  /** Ends everything that is queued, in flight or outstanding with `error`; nothing is sent again. */
  end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.probing?.timer.unsubscribe();
    this.watch?.timer.unsubscribe();
    const running = [...(this.current === undefined ? [] : [this.current]), ...this.outstanding];
    this.current = undefined;
    this.outstanding.length = 0;
    this.ready.length = 0;
    for (const { job } of running) job?.settle({ ok: false, error });
    for (const job of this.queue.splice(0)) job.settle({ ok: false, error });
  }

  private withdraw(job: Job): void {
    const index = this.queue.indexOf(job);
    if (index >= 0) this.queue.splice(index, 1);
    else if (this.current?.job === job) this.current.job = undefined;
    else {
      const waiting = this.outstanding.find((running) => running.job === job);
      if (waiting !== undefined) waiting.job = undefined;
    }
  }

  private advance(): void {
    if (this.current !== undefined || this.probing !== undefined || this.ended !== undefined) return;
    const job = this.pick();
    if (job === undefined) return;
    const { command } = job;
    const deadline = this.options.scheduler.now() + command.timeout;
    this.current = { exchange: exchange(command), deadline, job };
    this.watchUntil(deadline);
    this.options.decoder.awaitPrompt(command.payload !== undefined);
    this.options.decoder.expectEcho(undefined);
    this.send(command);
  }

  private pick(): Job | undefined {
    const traffic = this.trafficIsNext || this.queue.length === 0 ? this.pickTraffic() : undefined;
    this.trafficIsNext = traffic === undefined;
    return traffic ?? this.queue.shift();
  }

  private pickTraffic(): Job | undefined {
    for (let source = this.ready.shift(); source !== undefined; source = this.ready.shift()) {
      const job = source.next();
      if (job !== undefined) return job;
    }
    return undefined;
  }

  private progress(running: Running): void {
    const { phase } = running.exchange;
    if (phase === 'answer') return;
    this.current = undefined;
    if (phase === 'outcome') this.outstanding.push(running);
    else this.settle(running);
    this.advance();
  }

  private settle(running: Running): void {
    const index = this.outstanding.indexOf(running);
    if (index >= 0) this.outstanding.splice(index, 1);
    const { settled } = running.exchange;
    if (settled !== undefined) running.job?.settle(settled);
  }

  private send(command: Command): void {
    const { link, scheduler, trace } = this.options;
    trace?.({ at: scheduler.now(), kind: 'command', text: command.label });
    link.write(commandBytes(command)).subscribe({ error: ignored });
  }

  /** A module that sends the command line back does so with the payload, too. */
  private sendPayload({ command: { payload }, echoed }: Exchange): void {
    if (payload === undefined) return;
    const { link, decoder, scheduler, trace } = this.options;
    if (echoed) decoder.expectEcho(payload);
    trace?.({ at: scheduler.now(), kind: 'payload', bytes: payload });
    link.write(payload).subscribe({ error: ignored });
  }

  /** One timer serves all deadlines; it is set again only when an earlier one comes up. */
  private watchUntil(deadline: number): void {
    if (this.watch !== undefined && this.watch.at <= deadline) return;
    this.watch?.timer.unsubscribe();
    const { scheduler } = this.options;
    const timer = scheduler.schedule(() => this.checkDeadlines(), deadline - scheduler.now());
    this.watch = { at: deadline, timer };
  }

  private checkDeadlines(): void {
    this.watch = undefined;
    const now = this.options.scheduler.now();
    const late = [this.current, ...this.outstanding].filter((running) => running !== undefined);
    for (const running of late) {
      if (running.deadline > now) this.watchUntil(running.deadline);
      else this.expire(running);
    }
  }

  private expire(running: Running): void {
    const { command } = running.exchange;
    const message =
      `${command.label} was not answered within ${command.timeout / 1000} s. ` +
      'The module may be busy or have restarted; the state of what the command was about is unknown.';
    const where = command.link === undefined ? {} : { link: command.link };
    running.exchange.fail(new ModemError('TIMEOUT', message, { command: command.label, ...where }));
    const unanswered = running === this.current;
    if (unanswered) {
      this.current = undefined;
      this.resynchronise(PROBES);
    }
    this.settle(running);
  }

  private resynchronise(probes: number): void {
    this.options.decoder.awaitPrompt(false);
    this.options.decoder.expectEcho(undefined);
    this.options.decoder.lineMode();
    this.probing = { left: probes, answered: false, timer: Subscription.EMPTY };
    this.probe();
  }

  private probe(): void {
    const { probing } = this;
    if (probing === undefined) return;
    if (probing.left === 0) {
      this.options.onSilent(
        new ModemError(
          'MODULE_SILENT',
          'The module does not answer "AT". Check its power, the port (an A7600 has several, one of ' +
            'them takes AT commands) and the baud rate.',
        ),
      );
      return;
    }
    probing.left -= 1;
    this.setProbeTimer(PROBE_INTERVAL, () => this.probe());
    this.send(at());
  }

  private offerProbe(event: AtEvent): boolean {
    const { probing } = this;
    if (probing === undefined) return false;
    const answers = event.kind === 'result';
    probing.answered ||= answers;
    if (probing.answered) {
      this.setProbeTimer(QUIET_TIME, () => {
        this.probing = undefined;
        this.advance();
      });
    }
    return answers || event.kind === 'echo';
  }

  private setProbeTimer(delay: number, work: () => void): void {
    const { probing } = this;
    if (probing === undefined) return;
    probing.timer.unsubscribe();
    probing.timer = this.options.scheduler.schedule(work, delay);
  }
}

/** A link that fails ends its `received$` too, which is where the failure is dealt with. */
function ignored(): void {}

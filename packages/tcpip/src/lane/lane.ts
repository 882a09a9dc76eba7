import { type AtEvent, type Command, type Decoder, exchange, isAtError, type Settled } from '@a7600/at-codec';
import { Observable } from 'rxjs';
import { isModemError, type ModemError } from '../base/errors.js';
import { Deadlines } from './deadlines.js';
import { isUnexplained, moduleSilent, notAnswered } from './failures.js';
import type { Job, Running, TrafficSource } from './job.js';
import { PROBE_INTERVAL, Prober } from './prober.js';
import { padding, resyncPayload } from './resync-payload.js';
import { Turns } from './turns.js';
import { Wire, type WireOptions } from './wire.js';

/** What a {@link Lane} works with. Times are in ms. */
export interface LaneOptions extends WireOptions {
  readonly decoder: Pick<Decoder, 'awaitPrompt' | 'expectEcho' | 'lineMode'>;
  readonly line: LaneLine;
  /** How many reads may share a command line; 1 none. */
  readonly joinedReads: number;
  /** Told when the module does not answer any more. */
  readonly onSilent: (error: ModemError) => void;
  /** Told when the module sent a command back although it had stopped doing so. */
  readonly onEcho: () => void;
  /** Called for each command that was not answered in time, and each time the lane has to resynchronise. */
  readonly onCount?: (what: 'unansweredCommands' | 'resynchronisations') => void;
}

/** The line that a lane shares with data mode. */
export interface LaneLine {
  /** Whether commands may be sent. */
  takesCommands(): boolean;
  /** A command waits that may not be sent. */
  wanted(): void;
  /** A command that leads to data mode was answered with `CONNECT`: the next byte is data. */
  connected(): void;
  /** Such a command was refused; `carrier` is false when the module says `NO CARRIER`. */
  refused(carrier: boolean): void;
  /** Such a command was not answered: nobody knows what the next byte is. */
  unanswered(): void;
}

/** Probes without an answer after which a module that used to answer counts as silent. */
const PROBES = 15;
/**
 * Time for `OK`, `ERROR` or the prompt of a command whose outcome comes later: the manual has one
 * limit for all of it, but what it names first takes milliseconds.
 */
const ACCEPT_TIMEOUT = 15_000;
/** Time behind a refusal in which its `ERROR` may be printed once more. */
const REPEAT_TIME = 200;
/**
 * Time for something else behind an `ERROR` that nothing explains and that may be an earlier
 * command's. Whoever took it for this command's would take its prompt or its block for something
 * else.
 */
const DOUBT_TIME = 5_000;
/** Time for the final result behind an outcome that came in front of it. */
const AFTER_OUTCOME = 2_000;

/**
 * The one way to the module. Commands go out one at a time, each when the one before has its final
 * result; outcomes that follow later are matched while other commands run.
 *
 * A lane begins, and goes on after a command was not answered in time, by asking until the module
 * answers and has nothing more to say. The next command is chosen when a chunk has been
 * decoded whole, so that a result that is printed twice is not taken for that command's.
 */
export class Lane {
  private readonly options: LaneOptions;
  private readonly wire: Wire;
  private readonly turns: Turns;
  private readonly prober: Prober;
  private readonly deadlines: Deadlines;
  private current: Running | undefined;
  /** Commands that have their `OK` and wait for their outcome. */
  private readonly outstanding: Running[] = [];
  private decoding = false;
  /** When a command was refused last. */
  private refused = Number.NEGATIVE_INFINITY;
  private sawNoEcho = false;
  /** A block went by that no command waits for; the result behind it is nobody's either. */
  private unclaimed = false;
  private ended: Error | undefined;

  constructor(options: LaneOptions) {
    this.options = options;
    this.wire = new Wire(options);
    this.turns = new Turns(options.joinedReads);
    this.deadlines = new Deadlines(options.scheduler, (running) => this.expire(running));
    this.prober = new Prober(options.scheduler, {
      send: (command) => this.wire.command(command),
      quiet: () => this.advance(),
      stalled: () => options.decoder.lineMode(),
      silent: () => options.onSilent(moduleSilent()),
    });
  }

  /** Starts work: finds out whether the module listens, for that many ms, then sends what is queued. */
  start(timeout: number): void {
    this.prober.start(Math.ceil(timeout / PROBE_INTERVAL));
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
      return () => this.cancel(job);
    });
  }

  /** Queues a control command. */
  enqueue(job: Job): void {
    if (this.ended !== undefined) {
      job.settle({ ok: false, error: this.ended });
      return;
    }
    this.turns.queueUp(job);
    this.advance();
    this.tellWaiting();
  }

  /** Asks `source` for work when its turn comes; it has to be woken again for more. */
  wake(source: TrafficSource): void {
    if (this.ended !== undefined) return;
    this.turns.wake(source);
    this.advance();
    this.tellWaiting();
  }

  /** Decodes a chunk; what may be sent because of it goes out when all of it was decoded. */
  decode(chunk: Uint8Array, push: (chunk: Uint8Array) => void): void {
    this.decoding = true;
    push(chunk);
    this.decoding = false;
    this.advance();
  }

  /** Takes an event if it belongs to a command, and says whether it did. */
  offer(event: AtEvent): boolean {
    if (this.prober.offer(event)) return true;
    if (this.unclaimed && event.kind === 'result') {
      this.unclaimed = false;
      return true;
    }
    const { current } = this;
    if (current?.exchange.offer(event)) {
      this.progress(current, event);
      return true;
    }
    for (const waiting of this.outstanding) {
      if (!waiting.exchange.offer(event)) continue;
      this.settle(waiting);
      return true;
    }
    if (event.kind === 'text' && event.payloadLength > 0) this.unclaimed = !this.prober.active;
    return false;
  }

  /** The line does not take commands any more: one in flight is not answered. */
  interrupt(): void {
    this.prober.stop();
    if (this.current !== undefined) this.expire(this.current);
  }

  /** The line takes commands again; finds out first when the module has answered everything (`resync`). */
  resume(resync: boolean): void {
    if (resync) this.resynchronise();
    else this.advance();
  }

  /** Whether something waits for its turn. */
  get isWaiting(): boolean {
    return this.turns.isWaiting;
  }

  /** Ends everything that is queued, in flight or outstanding with `error`; nothing is sent again. */
  end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.prober.stop();
    this.deadlines.clear();
    const running = [...(this.current === undefined ? [] : [this.current]), ...this.outstanding];
    this.current = undefined;
    this.outstanding.length = 0;
    const waiting = this.turns.clear();
    const failed: Settled<never> = { ok: false, error };
    for (const { job } of running) job?.settle(failed);
    for (const job of waiting) job.settle(failed);
  }

  /** What earlier commands still wait for behind their `OK` does not come any more. */
  abandonOutcomes(error: Error): void {
    for (const waiting of [...this.outstanding]) {
      waiting.exchange.expire(error);
      this.settle(waiting);
    }
  }

  private tellWaiting(): void {
    const { line } = this.options;
    if (!line.takesCommands() && this.turns.isWaiting) line.wanted();
  }

  private cancel(job: Job): void {
    if (this.turns.cancel(job)) return;
    const running =
      this.current?.job === job ? this.current : this.outstanding.find((one) => one.job === job);
    if (running !== undefined) running.job = undefined;
  }

  private get idle(): boolean {
    return (
      this.current === undefined && !this.prober.active && !this.decoding && this.options.line.takesCommands()
    );
  }

  private advance(): void {
    if (!this.idle || this.ended !== undefined) return;
    const job = this.turns.next();
    if (job === undefined) return;
    const { command } = job;
    const now = this.options.scheduler.now();
    const deadline = now + command.timeout;
    const late = command.outcome !== undefined || command.payload !== undefined;
    const due = late ? Math.min(deadline, now + ACCEPT_TIMEOUT) : deadline;
    this.current = { exchange: exchange(command), job, due, deadline, begun: false, doubtful: undefined };
    this.deadlines.watch(this.current);
    this.options.decoder.awaitPrompt(command.payload !== undefined);
    this.wire.command(command);
  }

  private progress(running: Running, event: AtEvent): void {
    const { exchange: conversation } = running;
    if (event.kind !== 'result') this.trust(running);
    // A module that had stopped to echo and does it again has started anew: what it answers is
    // about another state than the one that was asked for.
    if (event.kind === 'echo' && conversation.echoed && this.sawNoEcho) this.options.onEcho();
    if (this.ended !== undefined) return;
    if (event.kind === 'prompt') {
      this.sendPayload(running);
      return;
    }
    if (!running.begun && event.kind !== 'echo') {
      running.begun = true;
      running.job?.answered?.();
    }
    switch (conversation.phase) {
      case 'answer':
        if (conversation.hasOutcome) this.extend(running, AFTER_OUTCOME);
        return;
      case 'outcome':
        this.current = undefined;
        this.outstanding.push(running);
        running.due = running.deadline;
        this.deadlines.watch(running);
        break;
      case 'done':
        if (this.isDoubtful(running)) {
          this.doubt(running);
          return;
        }
        this.current = undefined;
        this.settle(running);
        break;
    }
    this.sawNoEcho ||= !conversation.echoed;
    this.advance();
  }

  /** The module says why it refuses a socket command; an `ERROR` alone may be the one before once more. */
  private isDoubtful(running: Running): boolean {
    const repeated = this.options.scheduler.now() - this.refused < REPEAT_TIME;
    return (repeated || running.doubtful !== undefined) && isUnexplained(running.exchange);
  }

  /** Begins the conversation again, without saying anything. */
  private doubt(running: Running): void {
    const { command, settled } = running.exchange;
    if (running.doubtful === undefined) this.extend(running, DOUBT_TIME);
    running.doubtful = settled;
    running.exchange = exchange(command);
  }

  /** Something else came behind the doubtful `ERROR`, which therefore was an earlier command's. */
  private trust(running: Running): void {
    if (running.doubtful === undefined) return;
    running.doubtful = undefined;
    this.extend(running, ACCEPT_TIMEOUT);
  }

  private settle(running: Running): void {
    const index = this.outstanding.indexOf(running);
    if (index >= 0) this.outstanding.splice(index, 1);
    this.deadlines.forget(running);
    const { settled, command } = running.exchange;
    if (settled?.ok === false) this.refused = this.options.scheduler.now();
    if (settled === undefined) return;
    if (command.connects === true) this.tellLine(settled);
    running.job?.settle(settled);
  }

  /** How a command ended that leads to data mode. */
  private tellLine(settled: Settled<unknown>): void {
    const { line } = this.options;
    if (settled.ok) line.connected();
    else if (isModemError(settled.error, 'TIMEOUT')) line.unanswered();
    else line.refused(!isAtError(settled.error, 'NO_CARRIER'));
  }

  private extend(running: Running, time: number): void {
    running.due = Math.min(running.deadline, this.options.scheduler.now() + time);
    this.deadlines.watch(running);
  }

  private sendPayload(running: Running): void {
    const { payload: wanted } = running.exchange.command;
    if (wanted === undefined) return;
    const payload = running.job?.cancelled?.() ? padding(wanted.length) : wanted;
    this.extend(running, ACCEPT_TIMEOUT);
    if (running.exchange.echoed) this.options.decoder.expectEcho(payload);
    this.wire.payload(payload);
  }

  /** A command has waited long enough, for its result or for its outcome. */
  private expire(running: Running): void {
    const { exchange: conversation } = running;
    const { command } = conversation;
    const { connects = false, payload } = command;
    if (running.doubtful !== undefined) {
      this.current = undefined;
      if (connects) this.tellLine(running.doubtful);
      running.job?.settle(running.doubtful);
      this.advance();
      return;
    }
    this.options.onCount?.('unansweredCommands');
    conversation.expire(notAnswered(command));
    const wasCurrent = running === this.current;
    if (wasCurrent) this.current = undefined;
    // The line first: after a command that leads to data mode nothing may be sent.
    if (connects) this.settle(running);
    if (wasCurrent && this.options.line.takesCommands()) {
      const unprompted = payload !== undefined && !conversation.prompted;
      this.resynchronise(unprompted ? resyncPayload(payload) : undefined);
    }
    if (!connects) this.settle(running);
  }

  /** Finds out when everything that was sent has been answered; `first` is sent before that. */
  private resynchronise(first?: Uint8Array): void {
    const { decoder } = this.options;
    this.unclaimed = false;
    this.options.onCount?.('resynchronisations');
    decoder.awaitPrompt(false);
    decoder.expectEcho(undefined);
    this.prober.startBehind(() => {
      if (first !== undefined) this.wire.payload(first);
    }, PROBES);
  }
}

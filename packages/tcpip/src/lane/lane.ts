/**
 * The command queue: one command on the wire, any number of outcomes outstanding, and the clock that an exchange
 * does not have. Events that no command claims go to the router.
 *
 * @module
 */

import { type AtEvent, type Command, isAtError, type Settled } from '@a7600/at-codec';
import { Observable } from 'rxjs';
import { isModemError } from '../base/errors.js';
import { cancelEntry } from '../base/recalls.js';
import { notAnswered } from './failures.js';
import { InFlight } from './in-flight.js';
import type { Job, Running, TrafficSource } from './job.js';
import type { LaneOptions } from './lane-options.js';
import { PROBE_INTERVAL, Prober } from './prober.js';
import { padding, resyncPayload } from './resync-payload.js';
import { Turns } from './turns.js';
import { Wire } from './wire.js';

/** Probes without an answer after which a module that used to answer counts as silent. */
const PROBES = 15;
/** `AT+CSCLK=2`: a module sleeps when it was sent nothing for 10 s or more, and the first bytes only wake it. */
const SLEEPS_WHILE_IDLE = 2;
const AWAKE_TIME = 5_000;
/** Time in ms between two resynchronisations for a result without its line, which some firmware always gives. */
const ALIGN_PAUSE = 10_000;
/** A command that is answered with a block of received data. */
const BLOCK_READ = /^AT\+CIPRXGET=[23],/;
/** The blocks of answers, whose result follows. Those of other services come after it, or are pushed. */
const ANSWERED_BLOCKS: ReadonlySet<string> = new Set(['+CIPRXGET', '+CMGR', '+CMGL']);

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
  private readonly inFlight: InFlight;
  private decoding = false;
  private sawNoEcho = false;
  /** A block arrived that no command waits for; no command waits for the result after it either. */
  private unclaimed = false;
  private ended: Error | undefined;
  /** When a result without its line led to a resynchronisation. */
  private alignedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    this.options = options;
    this.wire = new Wire(options);
    this.turns = new Turns(options.joinedReads);
    this.inFlight = new InFlight(options.scheduler, (running) => this.expire(running));
    this.prober = new Prober(options.scheduler, {
      send: (command) => this.wire.command(command),
      quiet: () => this.advance(),
      stalled: () => options.onStalled(),
      silent: () => options.onSilent(),
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
      return () => this.turns.cancel(job);
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

  /** A chunk is being decoded: nothing is sent before {@link chunkEnds}, when all of it is known. */
  chunkBegins(): void {
    this.decoding = true;
  }

  chunkEnds(): void {
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
    const running = this.inFlight.offer(event);
    if (running === undefined) {
      if (event.kind === 'text' && event.payloadLength > 0 && ANSWERED_BLOCKS.has(event.name)) {
        this.unclaimed = !this.prober.active;
      }
      return false;
    }
    if (running === this.inFlight.current) this.progress(running, event);
    else if (running.exchange.phase === 'done') this.settle(running);
    return true;
  }

  /** The line does not take commands any more: one in flight is not answered. */
  interrupt(): void {
    this.prober.stop();
    const { current } = this.inFlight;
    if (current !== undefined) this.expire(current);
  }

  /** The line takes commands again; finds out first when the module has answered everything (`resync`). */
  resume(resync: boolean): void {
    if (resync) this.resynchronise();
    else this.advance();
  }

  /**
   * Whether a block of received data was asked for and has not begun: if the line has lost its header, what is printed
   * now is its payload, however it reads.
   */
  get awaitsBlock(): boolean {
    const { current } = this.inFlight;
    return current !== undefined && !current.begun && BLOCK_READ.test(current.job.command.text);
  }

  /**
   * The module asks for data that no command here has: gives the entry up, and fails the command that it may be about.
   */
  strayPrompt(): void {
    const { current } = this.inFlight;
    const asked = current?.job.command;
    if (this.ended !== undefined || this.prober.active || !this.options.line.takesCommands()) return;
    if (asked?.payload !== undefined) return;
    if (current !== undefined && asked !== undefined) {
      current.exchange.fail(asked.prompted?.() ?? notAnswered(asked, this.options.sleepMode?.()));
      this.inFlight.remove(current);
    }
    this.resynchronise(() => this.wire.command(cancelEntry));
    if (current !== undefined) this.settle(current);
  }

  /** Whether the next command would be echoed if the module had restarted, and not otherwise. */
  get showsRestart(): boolean {
    const isFree = this.inFlight.current === undefined && !this.prober.active;
    return isFree && this.sawNoEcho && this.options.line.takesCommands();
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
    const waiting = this.turns.clear();
    const failed: Settled<never> = { ok: false, error };
    this.inFlight.end(failed);
    for (const job of waiting) job.settle(failed);
  }

  /** Fails the commands that wait for an outcome after their `OK`: it will not come any more. */
  abandonOutcomes(error: Error): void {
    for (const waiting of this.inFlight.waiting()) {
      waiting.exchange.expire(error);
      this.settle(waiting);
    }
  }

  private tellWaiting(): void {
    const { line } = this.options;
    if (!line.takesCommands() && this.turns.isWaiting) line.wanted();
  }

  private get idle(): boolean {
    return (
      this.inFlight.current === undefined &&
      !this.prober.active &&
      !this.decoding &&
      this.options.line.takesCommands()
    );
  }

  /** The module may have fallen asleep since it was sent something, and would lose the first bytes of a command. */
  private get maySleep(): boolean {
    const { sleepMode, scheduler } = this.options;
    return sleepMode?.() === SLEEPS_WHILE_IDLE && scheduler.now() - this.wire.writtenAt >= AWAKE_TIME;
  }

  private advance(): void {
    if (!this.idle) return;
    if (this.turns.isWaiting && this.maySleep) {
      this.prober.startBehind(() => {}, PROBES);
      return;
    }
    const job = this.turns.next();
    if (job === undefined) return;
    const { command } = job;
    const refusal = command.refusal?.();
    if (refusal !== undefined) {
      job.settle({ ok: false, error: refusal });
      this.advance();
      return;
    }
    this.inFlight.begin(job);
    this.options.decoder.awaitPrompt(command.payload !== undefined);
    this.wire.command(command);
  }

  private progress(running: Running, event: AtEvent): void {
    const { exchange: conversation, job } = running;
    // A module that had stopped echoing and echoes again has restarted: its answer is about another
    // state than the one that was asked for.
    if (event.kind === 'echo' && conversation.echoed && this.sawNoEcho) this.options.onEcho();
    if (event.kind === 'prompt') {
      this.sendPayload(running);
      return;
    }
    if (!running.begun && event.kind !== 'echo') {
      running.begun = true;
      job.answered?.();
    }
    if (conversation.phase === 'answer') return;
    if (conversation.phase === 'outcome') this.inFlight.putAside(running);
    else this.settleAligned(running);
    this.sawNoEcho ||= !conversation.echoed;
    this.advance();
  }

  /**
   * A final result without the line that belongs to it may be another's: text of a message that reads like one, or a late
   * one. Each later command would then get the result of the one before it.
   */
  private settleAligned(running: Running): void {
    const { settled } = running.exchange;
    const now = this.options.scheduler.now();
    const isLineless =
      settled?.ok === false &&
      isAtError(settled.error, 'UNREADABLE_ANSWER') &&
      settled.answer?.lines.length === 0;
    if (isLineless && now - this.alignedAt >= ALIGN_PAUSE) {
      this.alignedAt = now;
      this.inFlight.remove(running);
      this.resynchronise();
    }
    this.settle(running);
  }

  private settle(running: Running): void {
    this.inFlight.remove(running);
    const { settled, command } = running.exchange;
    if (settled === undefined) return;
    if (command.connects === true) this.tellLine(settled);
    running.job.settle(settled);
  }

  /** How a command ended that leads to data mode. */
  private tellLine(settled: Settled<unknown>): void {
    const { line } = this.options;
    if (settled.ok) line.connected();
    else if (isModemError(settled.error, 'TIMEOUT')) line.unanswered();
    else line.refused(!isAtError(settled.error, 'NO_CARRIER'));
  }

  private sendPayload(running: Running): void {
    if (running.exchange.command.payload === undefined) return;
    const payload = this.payloadOf(running);
    if (running.exchange.echoed) this.options.decoder.expectEcho(payload);
    this.wire.payload(payload);
  }

  /** What the module is given for the payload that it waits for, or may wait for: `asSent` says how it is sent. */
  private payloadOf({ job }: Running, asSent = (payload: Uint8Array) => payload): Uint8Array {
    const { payload = new Uint8Array() } = job.command;
    return job.cancelled?.() ? padding(payload.length) : asSent(payload);
  }

  /** A command has waited long enough, for its result or for its outcome. */
  private expire(running: Running): void {
    const { exchange: conversation } = running;
    const { command } = conversation;
    const wasCurrent = running === this.inFlight.current;
    const error = notAnswered(command, this.options.sleepMode?.(), conversation.heard);
    const answered = conversation.expire(error);
    if (!answered) this.options.onCount?.('unansweredCommands');
    this.inFlight.remove(running);
    // The line first: after a command that leads to data mode nothing may be sent.
    const first = answered || command.connects === true;
    if (first) this.settle(running);
    if (answered) this.advance();
    else if (wasCurrent && this.options.line.takesCommands()) {
      const unprompted = command.payload !== undefined && !conversation.prompted;
      this.resynchronise(() => {
        if (unprompted) this.wire.payload(this.payloadOf(running, resyncPayload));
      });
    }
    if (!first) this.settle(running);
  }

  /** Finds out when everything that was sent has been answered; `first` is sent before that. */
  private resynchronise(first = () => {}): void {
    const { decoder } = this.options;
    this.unclaimed = false;
    this.options.onCount?.('resynchronisations');
    decoder.awaitPrompt(false);
    decoder.expectEcho(undefined);
    this.prober.startBehind(first, PROBES);
  }
}

import { type AtEvent, at, type Command, cmee, type Exchange, exchange, plusPlusPlus } from '@a7600/at-codec';
import { type SchedulerLike, Subscription } from 'rxjs';
import { closeDown } from '../base/close-down.js';
import { GUARD_TIME } from '../base/guard-time.js';
import { cancelEntry, fillEntry, printResults, setLineEnds } from '../base/recalls.js';

/** Time in ms between two `AT` of a probe. */
export const PROBE_INTERVAL = 1_000;
/** Time in ms without an event after which a module that has answered has nothing more to say. */
const QUIET_TIME = 100;
/**
 * The same for one that answered the first `AT` within `PROMPTLY` ms: it does nothing else, and would have answered by
 * then what another program has asked.
 */
const IDLE_QUIET_TIME = 40;
const PROMPTLY = 20;
/** Time in ms for which it may go on to speak: one that is flooded with data never falls silent. */
const LISTEN_TIME = 2_000;
/**
 * A command that no other part of the SDK sends. The module answers in order, so that its answer comes after
 * those to everything that was sent before, however late they are.
 */
const MARKER = cmee.read();
/** After so many `AT` of a module that was just opened, and then after so many more, an escape is sent. */
const BEFORE_ESCAPE = 3;
const BETWEEN_ESCAPES = 5;
/**
 * What is sent before an `AT`, by how many were not answered: ESC where the module may wait for a text, then what makes it
 * speak again, then bytes where it may wait for the rest of a payload, again and again.
 */
const BEFORE: Readonly<Record<number, Command>> = { 1: cancelEntry, 3: printResults, 4: setLineEnds };
const BEFORE_FILL = 5;
/** How often the marker is sent before its answer is done without. */
const MARKS = 5;

/** What a {@link Prober} does with the module. */
export interface ProberTarget {
  send(command: Command): void;
  /** The module answers and has nothing more to say. */
  quiet(): void;
  /** An `AT` was not answered, and nothing else comes: what the module has begun it will not complete. */
  stalled(): void;
  /** The module did not answer a single `AT`. */
  silent(): void;
}

/**
 * Sends `AT` until the module answers and is quiet. Where more than that one `AT` may still be
 * answered, it sends a marker, too, and waits until that is answered.
 */
export class Prober {
  private readonly scheduler: SchedulerLike;
  private readonly target: ProberTarget;
  private timer = Subscription.EMPTY;
  private step: 'idle' | 'holding' | 'calling' | 'listening' | 'marking' = 'idle';
  private probes = 0;
  /** `AT` that were sent. */
  private calls = 0;
  /** `AT` to send before the next escape. */
  private beforeEscape = Number.POSITIVE_INFINITY;
  /** Escapes that were not answered. */
  private escapes = 0;
  private marks = 0;
  private marker: Exchange = exchange(MARKER);
  private heard = Number.NEGATIVE_INFINITY;
  /** When the last `AT` was sent. */
  private calledAt = 0;
  private quietTime = QUIET_TIME;
  /** When to stop waiting for silence. */
  private listenUntil = 0;

  constructor(scheduler: SchedulerLike, target: ProberTarget) {
    this.scheduler = scheduler;
    this.target = target;
  }

  /** Whether a probe is under way. */
  get active(): boolean {
    return this.step !== 'idle';
  }

  /**
   * Begins a probe of so many `AT` at the most, with a module that was not sent anything. It may have
   * been left in data mode, or multiplexed, by another program: an escape and a close-down are tried, too.
   */
  start(probes: number): void {
    this.beforeEscape = BEFORE_ESCAPE;
    this.begin(probes, 0);
  }

  /** The same with a module that may still answer what was sent before, and what `first` sends. */
  startBehind(first: () => void, probes: number): void {
    this.step = 'holding';
    this.beforeEscape = Number.POSITIVE_INFINITY;
    first();
    this.begin(probes, MARKS);
  }

  stop(): void {
    this.step = 'idle';
    this.timer.unsubscribe();
  }

  /** Takes an event if it answers a probe, or a command from before it, and says whether it did. */
  offer(event: AtEvent): boolean {
    if (this.step === 'idle') return false;
    this.heard = this.scheduler.now();
    const answers = event.kind === 'result';
    const marked = this.step === 'marking' && this.marker.offer(event);
    if (marked && this.marker.settled?.ok === false) this.marker = exchange(MARKER);
    if (marked && this.marker.settled?.ok === true) this.marks = 0;
    const done = this.step === 'marking' ? this.marks === 0 : this.step === 'calling' && answers;
    if (done) {
      const isIdle = this.step === 'calling' && this.marks === 0 && this.heard - this.calledAt <= PROMPTLY;
      this.step = 'listening';
      this.quietTime = isIdle ? IDLE_QUIET_TIME : QUIET_TIME;
      this.listenUntil = this.heard + LISTEN_TIME;
    }
    if (this.step === 'listening') {
      const wait = Math.max(0, Math.min(this.quietTime, this.listenUntil - this.heard));
      this.setTimer(wait, () => this.listened());
    }
    return answers || marked || event.kind === 'echo';
  }

  private begin(probes: number, marks: number): void {
    this.step = 'calling';
    this.probes = probes;
    this.calls = 0;
    this.marks = marks;
    this.call();
  }

  private call(): void {
    if (this.probes === 0) {
      this.stop();
      this.target.silent();
      return;
    }
    this.probes -= 1;
    if (this.beforeEscape === 0) {
      this.escape();
      return;
    }
    this.beforeEscape -= 1;
    this.calledAt = this.scheduler.now();
    this.setTimer(PROBE_INTERVAL, () => {
      this.marks = MARKS;
      if (this.scheduler.now() - this.heard > PROBE_INTERVAL / 2) this.target.stalled();
      this.call();
    });
    this.recall(this.calls++);
    this.target.send(at());
  }

  /** Tries to bring back a module that takes no command lines, or does not answer them. */
  private recall(unanswered: number): void {
    const before = BEFORE[unanswered];
    if (before !== undefined) this.target.send(before);
    else if (unanswered > 0 && unanswered % BEFORE_FILL === 0) {
      this.target.send(fillEntry(unanswered / BEFORE_FILL - 1));
    }
  }

  /** Leaves data mode (application note, 1.6), `PROBE_INTERVAL` after the last `AT`; then multiplexing. */
  private escape(): void {
    this.beforeEscape = BETWEEN_ESCAPES;
    this.setTimer(GUARD_TIME - PROBE_INTERVAL, () => {
      this.setTimer(GUARD_TIME, () => {
        this.target.send(closeDown(this.escapes > 0));
        this.escapes += 1;
        this.call();
      });
      this.target.send(plusPlusPlus());
    });
  }

  private listened(): void {
    if (this.marks === 0) {
      this.stop();
      this.target.quiet();
      return;
    }
    this.step = 'marking';
    this.marks -= 1;
    this.marker = exchange(MARKER);
    this.setTimer(MARKER.timeout, () => this.listened());
    this.target.send(MARKER);
  }

  private setTimer(delay: number, work: () => void): void {
    this.timer.unsubscribe();
    this.timer = this.scheduler.schedule(work, delay);
  }
}

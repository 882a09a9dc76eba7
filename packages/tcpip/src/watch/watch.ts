/**
 * The age of what the SDK believes about the module: confirms it by traffic or by queries within a bounded time,
 * and counts what was lost.
 *
 * @module
 */

import { defer, type Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { isAnswerLost } from '../base/refusals.js';
import { type RoundQueue, roundQueueOf } from './round-queue.js';

/** Commands that one confirmation sends at the most; each belief asks with one. */
const COMMANDS = 4;
/**
 * Time in ms from one confirmation to the first that a hint asks for. It doubles with each further one up to an interval,
 * because a peer, or a module that prints unknown lines, may cause hints without end.
 */
const HINT_PAUSE = 5_000;

/**
 * Confirmations begin at multiples of that part of an interval, so that those of all modems of a process come together, a
 * few at a time: to wake a process that sleeps costs more than what one modem is asked then.
 */
const GRID = 1 / 4;
/** The part of a step of the grid by which a timer may be early, on the clock that counts. */
const EARLY = 1 / 100;

/** Something that the SDK believes about the module, until it is disposed. */
export interface Belief {
  /** What was heard confirms it: it need not be asked for soon. */
  confirmed(): void;
  readonly dispose: Disposer;
}

/** What a {@link Watch} works with. */
export interface WatchOptions {
  readonly scheduler: SchedulerLike;
  /** Time in ms between two confirmations; false for none. */
  readonly interval: number | false;
  /** Whether the module takes commands at the moment. */
  readonly canAsk: () => boolean;
  /** Called for each question that was not answered. */
  readonly onUnconfirmed: () => void;
  /** Called when none of the questions of several rounds was answered. */
  readonly onMute: () => void;
}

/** Rounds without a single answer after which the module counts as mute, whatever results it prints. */
const MUTE_ROUNDS = 2;

interface Held {
  readonly ask: () => Observable<unknown>;
  /** Intervals for which it can wait. */
  readonly delay: number;
  readonly applies: () => boolean;
  /** The answer says more than `OK`, which may be another command's, or another module's. */
  readonly isTelling: boolean;
  /** When it was confirmed, or asked for, last. */
  at: number;
}

/** One confirmation. */
interface Round {
  /** When it began. */
  readonly now: number;
  /** What is to be asked for, in order. */
  readonly queue: Held[];
  /** Questions that may still be asked. */
  left: number;
  /** Questions whose answer tells something, and those of them whose answer was lost. */
  told: number;
  unanswered: number;
}

/**
 * `watch/` owns the ages of what the SDK believes about the module: that it answers, that the
 * network is open, who has which link, which servers listen, how it is set.
 *
 * Once an interval, what traffic has not confirmed for half an interval is asked for, in at most
 * four commands: first what cannot wait, then the rest by age. What has become untrue unheard is
 * found out within one and a half intervals and the time of the answers. Of many modems that are due at the same moment,
 * at least 32 are asked in each second.
 */
export class Watch {
  private readonly options: WatchOptions;
  private readonly beliefs = new Set<Held>();
  private readonly queue: RoundQueue;
  private timer = Subscription.EMPTY;
  private round: Subscription = Subscription.EMPTY;
  private hinted = Subscription.EMPTY;
  private leaveQueue: Disposer = () => {};
  private hintPause = HINT_PAUSE;
  /** A hint came since the last interval began. */
  private hintCame = false;
  private askedAt: number;
  /** Rounds in a row that had no answer. */
  private muteRounds = 0;
  /** A round was due while the module took no commands. */
  private isOverdue = false;

  constructor(options: WatchOptions) {
    const { scheduler, interval } = options;
    this.options = options;
    this.queue = roundQueueOf(scheduler);
    this.askedAt = scheduler.now();
    if (interval !== false) this.await(interval);
  }

  /**
   * Adds a belief; `ask` finds out whether it is true, with one command, and acts when it is not.
   *
   * @param delay - intervals for which it can wait when there is more to ask than one
   * confirmation may; 0 is asked in each
   * @param applies whether there is something to ask at the moment
   * @param isTelling whether the answer says more than `OK`
   */
  believe(
    ask: () => Observable<unknown>,
    delay = 0,
    applies: () => boolean = () => true,
    isTelling = true,
  ): Belief {
    const held: Held = { ask, delay, applies, isTelling, at: this.options.scheduler.now() };
    this.beliefs.add(held);
    return {
      confirmed: () => {
        held.at = this.options.scheduler.now();
      },
      dispose: () => this.beliefs.delete(held),
    };
  }

  /** Something does not fit what is believed: asks as soon as the pause between two hints allows. */
  hint(): void {
    const { scheduler, interval } = this.options;
    if (interval === false || !this.hinted.closed) return;
    this.hintCame = true;
    const wait = Math.max(0, this.askedAt + this.hintPause - scheduler.now());
    this.hintPause = Math.max(HINT_PAUSE, Math.min(2 * this.hintPause, interval));
    this.hinted = scheduler.schedule(() => {
      this.hinted = Subscription.EMPTY;
      this.confirm(0);
    }, wait);
  }

  /** The module takes commands again: asks for what was to be asked for meanwhile. */
  resume(): void {
    if (this.isOverdue) this.confirm((this.options.interval || 0) / 2);
  }

  stop(): void {
    this.timer.unsubscribe();
    this.hinted.unsubscribe();
    this.leaveQueue();
    this.round.unsubscribe();
    this.beliefs.clear();
  }

  /** Confirms in its turn. One function, so that the queue has it once, also when the next interval begins before that. */
  private readonly begin = (): Subscription => {
    this.confirm((this.options.interval || 0) / 2);
    return this.round;
  };

  /** Waits for the last moment of the grid that is within an interval. */
  private await(interval: number): void {
    const { scheduler } = this.options;
    const step = interval * GRID;
    const now = scheduler.now();
    const last = Math.floor(now / step + EARLY) * step;
    this.timer = scheduler.schedule(
      () => {
        this.await(interval);
        if (!this.hintCame) this.hintPause = HINT_PAUSE;
        this.hintCame = false;
        this.leaveQueue = this.queue.enter(this.begin);
      },
      last + interval - now,
    );
  }

  /** Asks for what is at least that old, unless the last questions are still without their answers. */
  private confirm(age: number): void {
    const { scheduler, canAsk } = this.options;
    if (!this.round.closed) return;
    this.isOverdue = !canAsk();
    if (this.isOverdue) return;
    const now = scheduler.now();
    this.askedAt = now;
    const round: Round = { now, queue: this.old(now, age), left: COMMANDS, told: 0, unanswered: 0 };
    this.round = new Subscription();
    this.askNext(round);
  }

  /** Asks for the next of a round that is due, and the others after it. */
  private askNext(round: Round): void {
    const { scheduler, onUnconfirmed } = this.options;
    const isDue = (held: Held) => held.at < round.now && this.beliefs.has(held);
    let held = round.queue.shift();
    while (held !== undefined && !isDue(held)) held = round.queue.shift();
    if (held === undefined || round.left === 0) {
      this.endRound(round);
      return;
    }
    round.left -= 1;
    held.at = scheduler.now();
    if (held.isTelling) round.told += 1;
    const { round: life } = this;
    const next = () => {
      if (!life.closed) this.askNext(round);
    };
    const asked = defer(held.ask).subscribe({
      error: (error) => {
        onUnconfirmed();
        if (held.isTelling && isAnswerLost(error)) round.unanswered += 1;
        next();
      },
      complete: next,
    });
    life.add(asked);
  }

  private endRound({ told, unanswered }: Round): void {
    this.round.unsubscribe();
    if (told > 0) this.muteRounds = unanswered === told ? this.muteRounds + 1 : 0;
    if (this.muteRounds >= MUTE_ROUNDS) this.options.onMute();
    else if (this.muteRounds > 0) this.hint();
  }

  /** What is at least that old, in the order in which to ask for it. */
  private old(now: number, age: number): Held[] {
    const interval = this.options.interval || 0;
    const urgency = ({ at, delay }: Held) => at + delay * interval;
    return [...this.beliefs]
      .filter(({ at, applies }) => now - at >= age && applies())
      .sort((a, b) => Number(a.delay > 0) - Number(b.delay > 0) || urgency(a) - urgency(b));
  }
}

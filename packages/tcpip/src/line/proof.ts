import { type Command, cipTimeout, isAtError, type SocketTimeouts } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  mergeMap,
  type Observable,
  of,
  retry,
  throwError,
} from 'rxjs';
import { isModemError, ModemError } from '../base/errors.js';
import type { Lane } from '../lane/lane.js';
import type { Numbers } from './answers.js';

/** The range of the limits of `AT+CIPTIMEOUT` in ms, and the part of one that is random. */
const SHORTEST = 3_000;
const LONGEST = 119_000;
const STEP = 1_000;
/** How often the numbers are set when the module does not give them back. */
const TRIES = 3;

/** An `OK` alone is another command's. */
const QUESTION: Command<SocketTimeouts> = { ...cipTimeout.read(), answersWithLine: true };

/**
 * Something that the module knows and a peer can neither know nor guess: the last three digits of
 * each limit of `AT+CIPTIMEOUT`, drawn at random, about 30 bits. They go over the line only while it
 * is in command mode, and change each limit by less than a second.
 */
export class Proof {
  /** The question that is answered with the numbers. */
  readonly question = QUESTION;
  private readonly lane: Pick<Lane, 'run'>;
  private readonly random: () => number;
  private expected: SocketTimeouts | undefined;

  /** `random` gives numbers from 0 up to 1. */
  constructor(lane: Pick<Lane, 'run'>, random: () => number) {
    this.lane = lane;
    this.random = random;
  }

  /**
   * The numbers of the last {@link renew}. Before the first one none is known: a module that enters data mode then was
   * led there by another program, and its answer shows no more than that it takes commands.
   */
  get numbers(): Numbers {
    const { netOpen, cipOpen, cipSend } = this.expected ?? {};
    return [netOpen, cipOpen, cipSend];
  }

  /**
   * Makes sure that the module has the numbers, before it enters data mode: something may have set
   * others, or have reset them. Cold; completes when it has them, errors with `WRONG_MODE` when it
   * does not take them.
   */
  renew(): Observable<never> {
    return defer(() => this.read((now) => (this.isExpected(now) ? EMPTY : this.set(now, TRIES))));
  }

  private read(then: (now: SocketTimeouts) => Observable<never>): Observable<never> {
    return this.lane.run(QUESTION).pipe(
      retry({ count: TRIES - 1, delay: (error) => (mayBeLost(error) ? of(0) : throwError(() => error)) }),
      catchError((error: unknown) => throwError(() => (isAtError(error) ? unprovable(error) : error))),
      mergeMap(then),
    );
  }

  private set(now: SocketTimeouts, left: number): Observable<never> {
    if (left === 0) return throwError(() => unprovable(undefined));
    const wanted = this.near(now);
    return concat(
      this.lane.run(cipTimeout(wanted)).pipe(ignoreElements(), catchError(unlessLost)),
      defer(() => {
        this.expected = wanted;
        return this.read((set) => (this.isExpected(set) ? EMPTY : this.set(set, left - 1)));
      }),
    );
  }

  /** Limits within a second of those, with new last digits. */
  private near({ netOpen, cipOpen, cipSend }: SocketTimeouts): SocketTimeouts {
    const draw = (limit: number) => {
      const whole = Math.floor(limit / STEP) * STEP;
      return Math.min(LONGEST, Math.max(SHORTEST, whole)) + Math.floor(this.random() * STEP);
    };
    return { netOpen: draw(netOpen), cipOpen: draw(cipOpen), cipSend: draw(cipSend) };
  }

  private isExpected(now: SocketTimeouts): boolean {
    const { expected } = this;
    return (
      expected !== undefined &&
      now.netOpen === expected.netOpen &&
      now.cipOpen === expected.cipOpen &&
      now.cipSend === expected.cipSend
    );
  }
}

/** An answer that was lost or damaged, or is another command's. */
function mayBeLost(error: unknown): boolean {
  return (
    isAtError(error, 'REFUSED') || isAtError(error, 'UNREADABLE_ANSWER') || isModemError(error, 'TIMEOUT')
  );
}

/** Reading back tells. */
function unlessLost(error: unknown): Observable<never> {
  return mayBeLost(error) ? EMPTY : throwError(() => error);
}

function unprovable(cause: unknown): ModemError {
  return new ModemError(
    'SETTING_REFUSED',
    'The module does not keep what AT+CIPTIMEOUT sets, so nothing could show that an answer to +++ is ' +
      "the module's and not the peer's. Use a network without transparent: true.",
    { command: 'AT+CIPTIMEOUT', cause },
  );
}

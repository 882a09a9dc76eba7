import type { Command, Exchange, Settled, TimeLimit } from '@a7600/at-codec';

/** A command and who wants to know how it ended. */
export interface Job<R = unknown> {
  readonly command: Command<R>;
  settle(settled: Settled<R>): void;
  /** Told when the first line of the answer is there: what it says was true at that place in the stream. */
  answered?(): void;
  /** Asked at the prompt: the payload must not go where it would go now; padding is sent instead. */
  cancelled?(): boolean;
  /** Told instead of `settle` when it was not carried out: one in front of it on the line was refused. */
  skipped?(): void;
}

/**
 * Somebody with bulk traffic. `next` is asked when it is its turn, so that it can decide as late
 * as possible what to send; it returns nothing when there is nothing to do after all.
 */
export interface TrafficSource {
  next(): Job | undefined;
  /** Its commands may share a line with others, where the module takes several on one. */
  readonly joins?: boolean;
}

/** A command that was sent. */
export interface Running {
  readonly exchange: Exchange;
  /** Undefined when nobody wants to know any more. */
  job: Job | undefined;
  /** The first line of the answer was there. */
  begun: boolean;
  /** What the exchange has named last. */
  timeLimit: TimeLimit;
  /** Time at which it has waited long enough for what comes next. */
  due: number;
  /** Time at which it has waited long enough altogether. */
  readonly deadline: number;
}

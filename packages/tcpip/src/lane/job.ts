import type { Command, Exchange, Settled, TimeLimit } from '@a7600/at-codec';

/** A command that a user may have written as a line, so that no descriptor says whether it asks for data. */
export interface FreeCommand<R = unknown> extends Command<R> {
  /** The error when the module asks for data that the command does not have. */
  readonly prompted?: () => Error;
}

/** A queued command and the callbacks of its caller. */
export interface Job<R = unknown> {
  readonly command: FreeCommand<R>;
  settle(settled: Settled<R>): void;
  /** Called with the first line of the answer: what it says was true at that place in the stream. */
  answered?(): void;
  /** Asked at the prompt: the payload must not go where it would go now; padding is sent instead. */
  cancelled?(): boolean;
  /** Called instead of `settle` if the module did not execute it: one before it on the line was refused. */
  skipped?(): void;
}

/**
 * A source of bulk traffic. The lane calls `next` when it is its turn, so that it decides as late as
 * possible what to send; it returns undefined when there is nothing to do after all.
 */
export interface TrafficSource {
  next(): Job | undefined;
  /** Its commands may share a line with others, where the module takes several on one. */
  readonly joins?: boolean;
}

/** A command that was sent. */
export interface Running {
  readonly exchange: Exchange;
  readonly job: Job;
  /** The first line of the answer has come. */
  begun: boolean;
  /** The limit that the exchange named last. */
  timeLimit: TimeLimit;
  /** Time at which it has waited long enough for what comes next. */
  due: number;
  /** Time at which it has waited long enough altogether. */
  readonly deadline: number;
}

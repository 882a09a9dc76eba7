import type { Answer } from './command.js';

/**
 * How far the conversation about one command has come.
 *
 * - `answer`: the final result is still to come; the line belongs to this command.
 * - `outcome`: the final result was good and the outcome line is still to come; other commands may
 *   run meanwhile.
 * - `done`: `settled` says how it ended.
 */
export type Phase = 'answer' | 'outcome' | 'done';

/** How a command ended. */
export type Settled<R> =
  | { readonly ok: true; readonly value: R }
  | {
      readonly ok: false;
      readonly error: Error;
      /** What had been answered before the failure; undefined when nothing was sent. */
      readonly answer?: Answer;
    };

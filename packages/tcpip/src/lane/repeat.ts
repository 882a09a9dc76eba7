import type { Command } from '@a7600/at-codec';
import { type Observable, of, retry, throwError } from 'rxjs';
import { isAnswerLost } from '../base/refusals.js';
import type { Lane } from './lane.js';

/** How often a command is sent whose answer gets lost. */
const ATTEMPTS = 3;

/** Runs a command that may be executed twice, and sends it again when its answer was lost. Cold, as `Lane.run`. */
export function runRepeatable<R>(lane: Pick<Lane, 'run'>, command: Command<R>): Observable<R> {
  return lane.run(command).pipe(
    retry({
      count: ATTEMPTS - 1,
      delay: (error) => (isAnswerLost(error) ? of(0) : throwError(() => error)),
    }),
  );
}

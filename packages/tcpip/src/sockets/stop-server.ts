import { serverStop } from '@a7600/at-codec';
import { catchError, EMPTY, ignoreElements, type Observable, retry, throwError, timer } from 'rxjs';
import { isUnanswered, saysClientsConnected } from '../base/refusals.js';
import type { Session } from '../session/session.js';

/** A server with clients cannot be stopped; one may be accepted while the others are closed. */
const RETRIES = 5;
const RETRY_DELAY = 200;

/** Stops a server. Cold; completes when it does not listen any more, or nothing can be done about it. */
export function stopServer({ lane, scheduler }: Session, server: number): Observable<never> {
  return lane.run(serverStop({ server })).pipe(
    ignoreElements(),
    retry({
      count: RETRIES,
      delay: (error) =>
        saysClientsConnected(error) || isUnanswered(error)
          ? timer(RETRY_DELAY, scheduler)
          : throwError(() => error),
    }),
    catchError(() => EMPTY),
  );
}

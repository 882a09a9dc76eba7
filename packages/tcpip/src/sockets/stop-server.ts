import { isAtError, serverStop } from '@a7600/at-codec';
import { catchError, EMPTY, ignoreElements, type Observable, retry, throwError, timer } from 'rxjs';
import { isModemError } from '../base/errors.js';
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
        hasClients(error) || isModemError(error, 'TIMEOUT')
          ? timer(RETRY_DELAY, scheduler)
          : throwError(() => error),
    }),
    catchError(() => EMPTY),
  );
}

function hasClients(error: unknown): boolean {
  return isAtError(error, 'SOCKET_ERROR') && error.number === 9;
}

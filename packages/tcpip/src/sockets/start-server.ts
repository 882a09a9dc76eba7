import { type Command, isAtError, type ServerState, serverStart } from '@a7600/at-codec';
import { catchError, EMPTY, map, mergeMap, type Observable, of, retry, throwError } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { isUnanswered, saysServerInUse } from '../base/refusals.js';
import type { Session } from '../session/session.js';

/** How often a server is started that the module does not list. */
const TRIES = 3;

/** Which servers listen. One of them was started just now, so that an `OK` alone is no answer. */
const LIST: Command<readonly ServerState[]> = { ...serverStart.read(), answersWithLine: true };

/**
 * Starts a server, and reads back whether it listens: an `OK` or an `ERROR` alone may be one that an
 * earlier command is answered twice. Cold; completes when it listens, errors with what the module
 * answered.
 */
export function startServer(
  { lane }: Session,
  options: Parameters<typeof serverStart>[0],
): Observable<never> {
  const { server } = options;
  /** Undefined where the firmware does not tell: a refusal alone may be the one of another command. */
  const listed$ = lane.run(LIST).pipe(
    retry({
      count: 1,
      delay: (error) => (isAtError(error, 'REFUSED') ? of(true) : throwError(() => error)),
    }),
    map((servers): boolean | undefined => servers.some((one) => one.server === server)),
    catchError((error: unknown) => {
      if (isUnanswered(error)) return of(false);
      return isAtError(error, 'REFUSED') ? of(undefined) : throwError(() => error);
    }),
  );
  const attempt = (left: number): Observable<never> =>
    lane.run(serverStart(options)).pipe(
      catchError((error: unknown) => {
        if (saysNothing(error)) return of(error);
        // The server listens already: the attempt before was good.
        return left < TRIES && saysServerInUse(error) ? EMPTY : throwError(() => error);
      }),
      mergeMap((failure) =>
        listed$.pipe(
          mergeMap((listed = failure === undefined) => {
            if (listed) return EMPTY;
            return left > 1 ? attempt(left - 1) : throwError(() => failure ?? notListed(server));
          }),
        ),
      ),
    );
  return attempt(TRIES);
}

/** Whether the module gave no reason, or no answer at all. */
function saysNothing(error: unknown): boolean {
  return isUnanswered(error) || isAtError(error, 'REFUSED');
}

function notListed(server: number): ModemError {
  return new ModemError(
    'NOT_READY',
    `The module says that it has started server ${server}, and does not list it (AT+SERVERSTART?).`,
    { command: 'AT+SERVERSTART' },
  );
}

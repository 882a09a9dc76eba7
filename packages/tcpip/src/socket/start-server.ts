import { isAtError, type ServerState, serverStart } from '@a7600/at-codec';
import { catchError, EMPTY, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { isModemError, ModemError } from '../errors.js';
import type { Session } from '../modem/session.js';
import { readSetting } from '../network/setting.js';

/** How often a server is started that the module does not list. */
const TRIES = 3;

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
  const listens$ = readSetting(lane, { read: serverStart.read() }).pipe(
    map((servers) => servers?.some((one: ServerState) => one.server === server)),
  );
  const attempt = (left: number): Observable<never> =>
    lane.run(serverStart(options)).pipe(
      catchError((error: unknown) => (saysNothing(error) ? of(error) : throwError(() => error))),
      mergeMap((failure) =>
        listens$.pipe(
          mergeMap((listens = failure === undefined) => {
            if (listens) return EMPTY;
            return left > 1 ? attempt(left - 1) : throwError(() => failure ?? notListed(server));
          }),
        ),
      ),
    );
  return attempt(TRIES);
}

/** Whether the module gave no reason, or no answer at all. */
function saysNothing(error: unknown): boolean {
  return isModemError(error, 'TIMEOUT') || isAtError(error, 'REFUSED');
}

function notListed(server: number): ModemError {
  return new ModemError(
    'NOT_READY',
    `The module says that it has started server ${server}, and does not list it (AT+SERVERSTART?).`,
    { command: 'AT+SERVERSTART' },
  );
}

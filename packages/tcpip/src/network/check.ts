import { AtError, cdnsGip, cipOpen } from '@a7600/at-codec';
import { catchError, EMPTY, map, type Observable, take, throwError, timeout } from 'rxjs';
import { isModemError } from '../base/errors.js';
import type { Session } from '../session/session.js';
import type { BearerCheck } from './bearer-watch.js';

/**
 * Something to send over the network that has to be answered, to find out that no data passes although the
 * module says that all is well. It is made when nothing was received for `every` ms, and when a connection,
 * a name or an acknowledgement got no answer; a failure is checked once more before it counts.
 *
 * It costs about 200 bytes for a name and 300 for a connection that is closed at once: in a month without
 * any other traffic 0.9 MB or 1.3 MB at the default of 10 minutes. `traffic$` counts them as `checks`.
 */
export type NetworkCheck = (
  | {
      /** A name to look up. A module may answer it from memory, which proves nothing: prefer `connect`. */
      readonly resolve: string;
    }
  | {
      /** A TCP server to connect to. Takes one of the ten links for a moment; is left out when none is free. */
      readonly connect: { readonly host: string; readonly port: number };
    }
) & {
  /** Time in ms without received data after which it is made, at least 30000. Default 600000. */
  readonly every?: number | undefined;
};

const EVERY = 600_000;
const SHORTEST = 30_000;
/** Time in ms for the answer. */
const ANSWER_TIME = 30_000;

/** How a check reaches the network. */
export interface CheckTools {
  readonly resolve: (host: string) => Observable<unknown>;
  readonly connect: (where: { readonly host: string; readonly port: number }) => Observable<unknown>;
}

/** Throws `INVALID_ARGUMENT` unless it can be used. */
export function assertCheck(check: NetworkCheck): void {
  const { every = EVERY } = check;
  if (!(every >= SHORTEST))
    throw new AtError('INVALID_ARGUMENT', `every of a check has to be ${SHORTEST} ms or more.`);
  if ('resolve' in check) cdnsGip({ host: check.resolve });
  else cipOpen({ link: 0, ...check.connect });
}

/** The check as a {@link BearerWatch} makes it. */
export function bearerCheck(
  check: NetworkCheck,
  { meter, scheduler }: Session,
  { resolve, connect }: CheckTools,
): BearerCheck {
  const work$ = 'resolve' in check ? resolve(check.resolve) : connect(check.connect);
  const probe$ = meter.checking(work$).pipe(
    take(1),
    map(() => true),
    timeout({ first: ANSWER_TIME, scheduler }),
    catchError((error) => (isModemError(error, 'CAPACITY') ? EMPTY : throwError(() => error))),
  );
  return { probe$, every: check.every ?? EVERY };
}

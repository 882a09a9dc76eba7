import { AtError, cdnsGip, cipOpen } from '@a7600/at-codec';
import { catchError, defer, EMPTY, map, type Observable, of, take, throwError, timeout } from 'rxjs';
import { nameCause } from '../base/causes.js';
import { isModemError, ModemError } from '../base/errors.js';
import { assertOptions } from '../base/given.js';
import type { Session } from '../session/session.js';
import { NAME_SERVERS, SLOW } from '../watch/bearer-evidence.js';
import type { BearerCheck } from './bearer-watch.js';

/**
 * Something to send over the network that has to be answered, to find out that no data passes although the
 * module says that all is well. It is made when nothing was received for `every` ms, and when a connection,
 * a name or an acknowledgement got no answer. A connection that the host refuses, or a name that the name servers do not
 * know, is an answer too, if it comes within 5 s.
 *
 * A check fails when two attempts in a row get no answer. A single host may be down while all else works, so the name
 * servers are asked for a name that does not exist, too (with `connect`): if they answer, the failure is reported in
 * `discrepancies$` and the network goes on; if they are silent as well, it ends with `BEARER_STALLED`. Where they never
 * answered, it ends with `CHECK_FAILED`. A check by name ends it with `BEARER_STALLED` if the name servers have answered
 * before, else with `CHECK_FAILED`. What only one of the two shows ends it at most once in a pause that doubles up to 6 h,
 * and not any more after other data has passed although the check failed.
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
/** A name that exists nowhere (RFC 6761, 6.4), so that no module has it in its memory. */
const NO_SUCH_NAME = 'a7600-check.invalid';

/** How a check reaches the network. */
export interface CheckTools {
  readonly resolve: (host: string) => Observable<unknown>;
  readonly connect: (where: { readonly host: string; readonly port: number }) => Observable<unknown>;
}

/** Throws `INVALID_ARGUMENT` unless it can be used. */
export function assertCheck(check: NetworkCheck): void {
  assertOptions('check', check, "{ resolve: 'example.com' }");
  const { every = EVERY } = check;
  if (typeof every !== 'number' || !(every >= SHORTEST))
    throw new AtError('INVALID_ARGUMENT', `every of a check has to be ${SHORTEST} ms or more.`);
  if ('resolve' in check) cdnsGip({ host: check.resolve });
  else cipOpen({ link: 0, ...check.connect });
}

/** The check as a {@link BearerWatch} makes it. */
export function bearerCheck(
  check: NetworkCheck,
  { meter, lane, scheduler }: Pick<Session, 'meter' | 'lane' | 'scheduler'>,
  { resolve, connect }: CheckTools,
): BearerCheck {
  const answered = (work$: Observable<unknown>) =>
    defer(() => {
      const since = scheduler.now();
      return meter.checking(work$).pipe(
        take(1),
        map(() => true),
        timeout({ first: ANSWER_TIME, scheduler, with: () => throwError(silence) }),
        catchError((error: unknown) => judged(error, scheduler.now() - since)),
      );
    });
  const { every = EVERY } = check;
  if ('resolve' in check) {
    const host = check.resolve;
    return { every, what: `looking up "${host}"`, host: NAME_SERVERS, probe$: answered(resolve(host)) };
  }
  const { host, port } = check.connect;
  const lookup$ = defer(() => lane.run(cdnsGip({ host: NO_SUCH_NAME }))).pipe(nameCause('resolve'));
  return {
    every,
    what: `connecting to ${host}:${port}`,
    host,
    probe$: answered(connect(check.connect).pipe(nameCause('connect'))),
    lookup$: answered(lookup$),
  };
}

/**
 * What an error says that came after so many ms: an answer of the other side, or none, which errors. Anything else is the
 * module's own refusal, which says nothing of the network.
 */
function judged(error: unknown, time: number): Observable<true> {
  const isRefusal = isModemError(error, 'CONNECT_REFUSED') || isModemError(error, 'NAME_NOT_FOUND');
  if (isRefusal && time < SLOW) return of(true);
  const isSilence = isModemError(error, 'PEER_TIMEOUT') || isModemError(error, 'TIMEOUT');
  return isRefusal || isSilence ? throwError(() => error) : EMPTY;
}

function silence(): ModemError {
  return new ModemError('PEER_TIMEOUT', `no answer within ${ANSWER_TIME / 1_000} s`);
}

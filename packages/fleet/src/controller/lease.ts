import { catchError, concatMap, EMPTY, merge, Observable, Subscription, throwError, timer } from 'rxjs';
import { FleetError, isFleetError } from '../base/errors.js';
import { checked, replySchemas } from '../protocol/schemas.js';
import type { FleetEntry } from './directory.js';
import type { FleetParts } from './parts.js';

/** A lease that this program holds. */
export interface Lease {
  readonly epoch: number;
  /** The value of the header A7600-Lease. */
  readonly header: string;
}

/** Settings of a lease. */
export interface LeaseOptions {
  readonly ttl?: number | undefined;
  readonly holder?: string | undefined;
}

const TTL = 10_000;
/** Parts of the lease after which it is renewed. */
const RENEWALS = 3;

/** Takes a lease and renews it until it is unsubscribed. Cold; emits it once; see `FleetModem.lease`. */
export function takeLease(
  parts: FleetParts,
  entry: FleetEntry,
  { ttl = TTL, holder = '' }: LeaseOptions,
): Observable<Lease> {
  const { requester, clock, scheduler } = parts;
  return new Observable((subscriber) => {
    const running = new Subscription();
    let held: Lease | undefined;
    const ask = (action: 'acquire' | 'renew' | 'release', timeout: number) =>
      requester.ask(entry, { verb: 'lease', json: { action, ttl, holder }, timeout, lease: held?.header });
    /** The lease ends at the agent later than here: its time is counted from before the request was sent. */
    let until = clock() + ttl;
    const keep = () => {
      const every = ttl / RENEWALS;
      const renew$ = timer(every, every, scheduler).pipe(
        concatMap(() => {
          const sentAt = clock();
          if (sentAt >= until) return throwError(() => lost(held?.epoch));
          return ask('renew', Math.min(every, until - sentAt)).pipe(
            concatMap(() => {
              until = sentAt + ttl;
              return EMPTY;
            }),
            // Another attempt comes while there is time.
            catchError((error: unknown) => (isOver(error) ? throwError(() => error) : EMPTY)),
          );
        }),
      );
      const expiry$ = timer(CHECK, CHECK, scheduler).pipe(
        concatMap(() => (clock() < until ? EMPTY : throwError(() => lost(held?.epoch)))),
      );
      running.add(merge(renew$, expiry$).subscribe({ error: (error: unknown) => subscriber.error(error) }));
    };
    running.add(
      ask('acquire', ttl).subscribe({
        next: ({ json }) => {
          const { epoch, token } = checked(replySchemas.lease, json, 'The answer to a request for a lease');
          held = { epoch, header: `${epoch}.${token}` };
          keep();
          subscriber.next(held);
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    return () => {
      running.unsubscribe();
      // Where it does not arrive, the lease ends by its time.
      if (held !== undefined) ask('release', 5_000).subscribe({ error: () => {} });
    };
  });
}

const CHECK = 250;

/** Whether an error says that the lease is over, rather than that a renewal did not arrive. */
function isOver(error: unknown): boolean {
  return isFleetError(error) && !['OUTCOME_UNKNOWN', 'ENGINE_AWAY', 'DEADLINE_PASSED'].includes(error.code);
}

function lost(epoch: number | undefined): FleetError {
  return new FleetError(
    'LEASE_LOST',
    `The lease of epoch ${epoch} could not be renewed in its time: the agent, the server or this program was away.`,
  );
}

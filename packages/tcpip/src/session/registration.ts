import { cereg, cgreg, creg, type Registration } from '@a7600/at-codec';
import { catchError, concat, EMPTY, filter, type Observable, take } from 'rxjs';
import type { Lane } from '../lane/lane.js';

/** Home or roaming; 6 and 11 are what data-only modules report. */
const REGISTERED = [1, 5, 6, 11];

/** Whether a module with that `<stat>` of `+CREG`, `+CGREG` or `+CEREG` can carry data. */
export function isRegistered(stat: number): boolean {
  return REGISTERED.includes(stat);
}

/**
 * Asks for the three registrations one after the other, and emits the first that can carry data; completes without a
 * value when none can. One that the module does not tell counts as none: which of them it knows depends on the
 * network. Cold.
 */
export function findRegistration(lane: Pick<Lane, 'run'>): Observable<Registration> {
  return concat(
    ...[cereg, cgreg, creg].map((family) => lane.run(family.read()).pipe(catchError(() => EMPTY))),
  ).pipe(
    filter(({ stat }) => isRegistered(stat)),
    take(1),
  );
}

/** What a `<stat>` means, for messages. */
export function registrationText(stat: number): string {
  return MEANINGS[stat] ?? `state ${stat}`;
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'not searching for a network',
  1: 'registered',
  5: 'registered, roaming',
  2: 'searching for a network',
  3: 'registration denied by the network',
  4: 'state of the registration unknown',
};

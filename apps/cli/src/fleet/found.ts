import { type Fleet, type FleetEntry, type FleetModem, fleet as openFleet } from '@a7600/fleet';
import type { ModemNetwork } from '@a7600/tcpip/node';
import {
  debounceTime,
  distinctUntilChanged,
  filter,
  map,
  merge,
  type Observable,
  switchMap,
  take,
  throwError,
  timer,
  withLatestFrom,
} from 'rxjs';
import type { Console } from '../console.js';
import { UsageError } from '../exit-code.js';
import { withOpen } from '../running/with-open.js';
import { withFleetConnection } from './connection.js';
import type { FleetOptions } from './options.js';

/** Time in ms without another modem or presence after which all have been heard: agents answer at once. */
const QUIET = 500;

/** Time in ms after which no modem is waited for any more. */
const LONGEST = 3_000;

/**
 * Opens the fleet of the command line for some work.
 *
 * @param options the options of the command line
 * @param console where messages go
 * @param work uses the fleet while it is subscribed to
 * @param advises whether to say what is known about the version of the server; for programs that go on
 * @returns as the work does; errors as `withFleetConnection` and the fleet do
 */
export function withFleet<T>(
  options: FleetOptions,
  console: Console,
  work: (fleet: Fleet) => Observable<T>,
  advises = false,
): Observable<T> {
  return withFleetConnection(options, console, { name: 'a7600 fleet', advises }, (connection) =>
    withOpen(openFleet(connection), work),
  );
}

/**
 * The modems that are known once every agent has had the time to answer.
 *
 * @param fleet the fleet
 * @returns emits them once
 */
export function everyModem(fleet: Fleet): Observable<readonly FleetEntry[]> {
  const heard$ = fleet.modems$.pipe(
    distinctUntilChanged((before, after) => whoIsThere(before) === whoIsThere(after)),
    debounceTime(QUIET),
    // Whether an agent is there is known a moment later.
    filter((entries) => entries.length > 0 && entries.every(({ presence }) => presence !== 'unknown')),
    withLatestFrom(fleet.modems$),
    map(([, entries]) => entries),
  );
  const late$ = timer(LONGEST).pipe(
    withLatestFrom(fleet.modems$),
    map(([, entries]) => entries),
  );
  return merge(heard$, late$).pipe(take(1));
}

/** The modems and whether they are there, without their states, which change all the time. */
function whoIsThere(entries: readonly FleetEntry[]): string {
  return entries.map(({ id, presence }) => `${id} ${presence}`).join();
}

/** The word for any modem. */
export const ANY = 'any';

/**
 * The network of the modem that the command line names, or of whichever fits.
 *
 * @param fleet the fleet
 * @param wanted IMEI, name, agent and name, or `any`
 * @param operator with `any`: only modems in the network of this operator
 * @returns makes connections; the servers of any modem are none that can be found
 */
export function networkOf(fleet: Fleet, wanted: string, operator: string | undefined): ModemNetwork {
  if (wanted !== ANY) return fleet.modem(wanted);
  const any = fleet.any({ where: { operator } });
  const listen = (): Observable<never> =>
    throwError(() => new UsageError('A server needs a modem of its own: name one.'));
  // The prototype keeps the getter of the address.
  return Object.assign(Object.create(any) as typeof any, { listen });
}

/**
 * Uses one modem, once every agent has had the time to answer: until then another one could claim the same IMEI.
 *
 * @param options the options of the command line
 * @param console where messages go
 * @param wanted IMEI, name, or agent and name
 * @param work uses the modem while it is subscribed to
 * @returns as the work does; errors with `MODEM_UNKNOWN` and others of the fleet
 */
export function withFleetModem<T>(
  options: FleetOptions,
  console: Console,
  wanted: string,
  work: (modem: FleetModem) => Observable<T>,
): Observable<T> {
  return withFleet(options, console, (fleet) =>
    everyModem(fleet).pipe(switchMap(() => work(fleet.modem(wanted)))),
  );
}

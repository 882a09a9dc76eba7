import type { TcpSocket } from '@a7600/tcpip';
import {
  catchError,
  defer,
  distinctUntilChanged,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  mergeMap,
  Observable,
  tap,
  throwError,
} from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Directory, FleetEntry } from './directory.js';
import { type FleetModem, fleetModem } from './fleet-modem.js';
import type { FleetParts } from './parts.js';

/** Which modems fit. */
export interface Where {
  /** Name or number of the operator. */
  readonly operator?: string | undefined;
  /** The least signal strength in dBm, such as -95. */
  readonly rssi?: number | undefined;
  /** How many of the ten links must be free. Default 1. */
  readonly freeLinks?: number | undefined;
  /** Anything else. */
  readonly fits?: ((entry: FleetEntry) => boolean) | undefined;
}

/** The part of a modem that any modem has: each operation takes one that fits, and another one if that fails. */
export type AnyModem = Pick<FleetModem, 'address' | 'receive' | 'links$' | 'connect' | 'bind' | 'resolve'>;

const LINKS = 10;
/**
 * Errors after which another modem may do: they are about the modem or its agent, not about the peer. Nothing was sent
 * yet, so that it does not matter whether a modem that does not answer has connected.
 */
const MOVES_ON: readonly unknown[] = [
  'AGENT_GONE',
  'BEARER_STALLED',
  'CAPACITY',
  'CHECK_FAILED',
  'MODEM_AMBIGUOUS',
  'MODEM_OFFLINE',
  'MODEM_UNKNOWN',
  'MODULE_RESTARTED',
  'MODULE_SILENT',
  'NETWORK_LOST',
  'OUTCOME_UNKNOWN',
  'STREAM_LOST',
  'TIMEOUT',
  'TRANSPORT_LOST',
];

/** Spreads work over the modems that fit; see `Fleet.any`. */
export function anyModem(parts: FleetParts, where: Where): AnyModem {
  const { directory } = parts;
  /** What is being opened or is open from here, which the states do not show yet. */
  const mine = new Map<string, number>();
  const add = (id: string, change: number) => mine.set(id, (mine.get(id) ?? 0) + change);
  const load = ({ id, links }: FleetEntry) => Math.max(links.length, mine.get(id) ?? 0);
  const candidates = (tried: ReadonlySet<string>) =>
    [...directory.now.values()]
      .filter((entry) => entry.presence === 'present' && entry.state === 'online' && !tried.has(entry.id))
      .filter((entry) => fits(entry, where) && LINKS - load(entry) >= (where.freeLinks ?? 1))
      .sort((one, other) => load(one) - load(other));

  const attempt = <T>(use: (modem: FleetModem) => Observable<T>, tried: ReadonlySet<string>): Observable<T> =>
    defer(() => {
      const [entry] = candidates(tried);
      if (entry === undefined) throw noModem(tried);
      add(entry.id, 1);
      let isOpen = false;
      const used$ = use(fleetModem(parts, () => directory.find(entry.id)));
      return unlessLost(used$, lossOf(directory, entry)).pipe(
        tap(() => {
          isOpen = true;
        }),
        finalize(() => add(entry.id, -1)),
        catchError((error: unknown) => {
          // What was open has carried bytes: only its user knows what to do about them.
          if (isOpen || !movesOn(error)) return throwError(() => error);
          return attempt(use, new Set([...tried, entry.id]));
        }),
      );
    });
  return {
    get address() {
      return candidates(new Set())[0]?.address ?? '';
    },
    receive: 'buffer',
    // As many as the emptiest has: a queue for links waits only when all are full.
    links$: directory.entries$.pipe(
      map(() => candidates(new Set())[0]?.links ?? []),
      distinctUntilChanged(),
    ),
    connect: (options) => attempt<TcpSocket>((modem) => modem.connect(options), new Set()),
    bind: (options) => attempt((modem) => modem.bind(options), new Set()),
    resolve: (host) => attempt((modem) => modem.resolve(host), new Set()),
  };
}

function fits(entry: FleetEntry, { operator, rssi, fits: predicate }: Where): boolean {
  if (operator !== undefined && entry.operator !== operator) return false;
  if (rssi !== undefined && (entry.signal?.rssi ?? Number.NEGATIVE_INFINITY) < rssi) return false;
  return predicate === undefined || predicate(entry);
}

/** Errors when a modem is lost, which is known earlier than a request to it is given up. */
function lossOf(directory: Directory, { id }: FleetEntry): Observable<never> {
  return directory.entries$.pipe(
    mergeMap((entries) => {
      const { presence, state } = entries.get(id) ?? {};
      if (presence !== 'gone' && state === 'online') return EMPTY;
      throw presence === 'gone'
        ? new FleetError('AGENT_GONE', `The agent of ${id} is gone.`)
        : new FleetError('MODEM_OFFLINE', `The modem ${id} is not online any more.`);
    }),
    ignoreElements(),
  );
}

/** Errors with `loss$`, until there is a value. */
function unlessLost<T>(source: Observable<T>, loss$: Observable<never>): Observable<T> {
  return new Observable((subscriber) => {
    const watching = loss$.subscribe({ error: (error: unknown) => subscriber.error(error) });
    subscriber.add(watching);
    subscriber.add(
      source.subscribe({
        next: (value) => {
          watching.unsubscribe();
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

function movesOn(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && MOVES_ON.includes(at.code)) return true;
  }
  return false;
}

function noModem(tried: ReadonlySet<string>): FleetError {
  const also = tried.size === 0 ? '' : ` Tried: ${[...tried].join(', ')}.`;
  return new FleetError('NO_MODEM', `No modem that fits is online with a free link.${also}`);
}

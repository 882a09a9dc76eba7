import {
  catchError,
  defer,
  EMPTY,
  isObservable,
  type Observable,
  retry,
  switchMap,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { type ModemNetwork, type NetworkSource, networkOf } from './modem-network.js';
import { codeOf, nodeError } from './node-error.js';

/** Dynamic ports that are tried when any will do. */
const PORTS_TRIED = 5;
/** A port that was just given up is tried so often, so many ms apart: the module takes a moment. */
const RETURNS_AWAITED = 50;
const RETURN_PAUSE = 20;

/** Ports that were opened here and given up, by what they were opened in. */
const givenUp = new WeakMap<NetworkSource, Set<number>>();

/** What to open on which port. */
export interface OnPort {
  /** 0 is one of the dynamic ports (RFC 6335): the module chooses none by itself. */
  readonly wanted: number;
  readonly syscall: 'listen' | 'bind';
}

/**
 * Opens something on a port of the module, until it is unsubscribed from. Over an observable of
 * networks it is opened again, on the same port, on each network that follows a lost one. Errors as
 * Node does.
 */
export function onPort<T>(
  source: NetworkSource,
  { wanted, syscall }: OnPort,
  open: (network: ModemNetwork, port: number) => Observable<T>,
): Observable<T> {
  const returning = givenUp.get(source) ?? new Set();
  givenUp.set(source, returning);
  let port = wanted === 0 ? dynamicPort() : wanted;

  const again = (error: unknown, attempt: number) => {
    if (codeOf(error, { syscall }) !== 'EADDRINUSE') return throwError(() => error);
    if (wanted === 0 && attempt <= PORTS_TRIED) {
      port = dynamicPort();
      return timer(0);
    }
    if (returning.has(port) && attempt <= RETURNS_AWAITED) return timer(RETURN_PAUSE);
    returning.delete(port);
    return throwError(() => error);
  };
  const untilNextNetwork = (error: unknown) =>
    isObservable(source) && codeOf(error, { syscall }) === 'ENETDOWN' ? EMPTY : throwError(() => error);

  return networkOf(source).pipe(
    switchMap((network) =>
      defer(() => open(network, port)).pipe(
        retry({ delay: again, resetOnSuccess: true }),
        catchError(untilNextNetwork),
      ),
    ),
    catchError((cause: unknown) => {
      throw nodeError(cause, { syscall, port });
    }),
    tap({ unsubscribe: () => returning.add(port) }),
  );
}

function dynamicPort(): number {
  return 49_152 + Math.floor(Math.random() * 16_384);
}

import { catchError, defer, type Observable, retry, switchMap, take, tap, throwError, timer } from 'rxjs';
import { type ModemNetwork, type NetworkSource, networkOf } from './modem-network.js';
import { codeOf, nodeError } from './node-error.js';

/** Dynamic ports that are tried when any will do. */
const PORTS_TRIED = 5;
/** A port that was just given up is tried so often, so many ms apart: the module takes a moment. */
const RETURNS_AWAITED = 50;
const RETURN_PAUSE = 20;

/** Ports that were opened here and given up, by what they were opened in. */
const givenUp = new WeakMap<NetworkSource, Set<number>>();

/**
 * Opens something on a port of the module, until it is unsubscribed from. For port 0 that is one of
 * the dynamic ports (RFC 6335): the module chooses none by itself. Errors as Node does.
 */
export function onPort<T>(
  source: NetworkSource,
  wanted: number,
  syscall: 'listen' | 'bind',
  open: (network: ModemNetwork, port: number) => Observable<T>,
): Observable<T> {
  const returning = givenUp.get(source) ?? new Set();
  givenUp.set(source, returning);
  let port = wanted;

  const again = (error: unknown, attempt: number) => {
    if (codeOf(error, { syscall }) !== 'EADDRINUSE') return throwError(() => error);
    if (wanted === 0 && attempt <= PORTS_TRIED) return timer(0);
    if (returning.has(port) && attempt <= RETURNS_AWAITED) return timer(RETURN_PAUSE);
    returning.delete(port);
    return throwError(() => error);
  };

  return networkOf(source).pipe(
    take(1),
    switchMap((network) =>
      defer(() => {
        if (wanted === 0) port = dynamicPort();
        return open(network, port);
      }).pipe(retry({ delay: again })),
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

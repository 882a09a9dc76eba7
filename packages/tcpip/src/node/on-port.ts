import { catchError, defer, type Observable, retry, switchMap, take, throwError, timer } from 'rxjs';
import { type ModemNetwork, type NetworkSource, networkOf } from './modem-network.js';
import { codeOf, nodeError } from './node-error.js';

/** Dynamic ports that are tried when any will do. */
const PORTS_TRIED = 5;

/**
 * Opens something on a port of the module. For port 0 that is one of the dynamic ports (RFC 6335):
 * the module chooses none by itself. Errors as Node does.
 */
export function onPort<T>(
  source: NetworkSource,
  wanted: number,
  syscall: 'listen' | 'bind',
  open: (network: ModemNetwork, port: number) => Observable<T>,
): Observable<T> {
  let port = wanted;
  const another = (error: unknown) =>
    wanted === 0 && codeOf(error, { syscall }) === 'EADDRINUSE' ? timer(0) : throwError(() => error);
  const opened = (network: ModemNetwork) =>
    defer(() => {
      if (wanted === 0) port = dynamicPort();
      return open(network, port);
    }).pipe(retry({ count: PORTS_TRIED, delay: another }));
  return networkOf(source).pipe(
    take(1),
    switchMap(opened),
    catchError((cause: unknown) => {
      throw nodeError(cause, { syscall, port });
    }),
  );
}

function dynamicPort(): number {
  return 49_152 + Math.floor(Math.random() * 16_384);
}

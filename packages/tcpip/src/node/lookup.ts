import { isIP, type LookupFunction } from 'node:net';
import { catchError, Observable, of, take, tap } from 'rxjs';
import type { ModemNetwork } from './modem-network.js';
import { nodeError } from './node-error.js';

/** Told what became of a name, as the event `lookup` of a `net.Socket` is. */
export type LookupListener = (
  error: Error | null,
  address: string | undefined,
  family: number | undefined,
) => void;

/**
 * The address of a name: by `custom`, else by the module. Emits it once; an address is its own
 * address and is not looked up.
 */
export function lookup(
  network: ModemNetwork,
  name: string,
  custom: LookupFunction | undefined,
  told: LookupListener,
): Observable<string> {
  if (isIP(name) !== 0) return of(name);
  const resolved$ = custom === undefined ? network.resolve(name) : looked(custom, name);
  return resolved$.pipe(
    take(1),
    catchError((cause: unknown) => {
      throw nodeError(cause, { syscall: 'getaddrinfo', address: name });
    }),
    tap({
      next: (address) => told(null, address, isIP(address)),
      error: (error: Error) => told(error, undefined, undefined),
    }),
  );
}

function looked(custom: LookupFunction, name: string): Observable<string> {
  return new Observable<string>((subscriber) => {
    custom(name, { family: 4, all: false }, (error, address) => {
      if (error !== null) subscriber.error(error);
      else subscriber.next(typeof address === 'string' ? address : (address[0]?.address ?? name));
    });
  });
}

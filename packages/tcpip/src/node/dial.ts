import { catchError, map, type Observable, switchMap, take, throwIfEmpty } from 'rxjs';
import type { Destination } from './arguments.js';
import { type LookupListener, lookup } from './lookup.js';
import { type ModemLink, type ModemNetwork, type NetworkSource, networkOf } from './modem-network.js';
import { nodeError } from './node-error.js';

/** An end of a connection, as far as it is known: the module does not tell its own port. */
export interface Endpoint {
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** A connection that is made. */
export interface Dialled {
  readonly link: ModemLink;
  readonly remote: Endpoint;
  readonly local: Endpoint;
}

/**
 * Looks a name up, if it is one, and connects. Cold; emits the connection once and completes when
 * it has ended; errors as Node does.
 */
export function dial(source: NetworkSource, to: Destination, told: LookupListener): Observable<Dialled> {
  const { host, port, localPort } = to;
  let remote = { address: host, port };
  const connect = (network: ModemNetwork) =>
    lookup(network, host, to.lookup, told).pipe(
      switchMap((address) => {
        remote = { address, port };
        return network.connect({ host: address, port, localPort });
      }),
      map((link) => ({ link, remote, local: { address: network.address, port: localPort } })),
    );
  return networkOf(source).pipe(
    take(1),
    throwIfEmpty(() => new Error('There is no network.')),
    switchMap(connect),
    catchError((cause: unknown) => {
      throw nodeError(cause, { syscall: 'connect', ...remote });
    }),
  );
}

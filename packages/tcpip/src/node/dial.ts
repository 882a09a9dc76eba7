import { catchError, defer, map, type Observable, switchMap, take, throwIfEmpty } from 'rxjs';
import { ModemError } from '../base/errors.js';
import type { Destination } from './arguments.js';
import type { Holding } from './holding.js';
import { type LinkQueue, type LinkWait, linkQueueOf } from './link-queue.js';
import { type LookupListener, lookup } from './lookup.js';
import { type ModemLink, type ModemNetwork, type NetworkSource, networkOf } from './modem-network.js';
import { nodeError } from './node-error.js';

/** One end of a connection, as far as it is known: the module does not report its own port. */
export interface SocketAddress {
  /** The IP address. */
  readonly address?: string | undefined;
  /** The port, 1 to 65535. */
  readonly port?: number | undefined;
}

/** An established connection. */
export interface Dialled {
  readonly link: ModemLink;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  /** Who waits for a link of this network. */
  readonly queue: LinkQueue;
}

/** How to dial. */
export interface DialOptions {
  readonly onLookup: LookupListener;
  /** Called with the address when the module is about to connect. */
  readonly onAttempt: (address: string) => void;
  /** Holds the link until the module has given it up. */
  readonly holding: Holding;
  readonly wait: LinkWait;
}

/**
 * Looks a name up, if it is one, waits for a link, and connects. Cold; emits the connection once
 * and completes when it has ended; errors as Node does.
 */
export function dial(
  source: NetworkSource,
  to: Destination,
  { onLookup, onAttempt, holding, wait }: DialOptions,
): Observable<Dialled> {
  const { host, port, localPort } = to;
  let remote = { address: host, port };
  const connect = (network: ModemNetwork) => {
    const queue = linkQueueOf(network);
    return lookup(network, host, to.lookup, onLookup).pipe(
      switchMap((address) => {
        remote = { address, port };
        onAttempt(address);
        const link$ = defer(() =>
          network.connect({ host: address, port, localPort, onReleased: holding.acquire() }),
        );
        return queue.whenFree(link$, wait);
      }),
      map((link) => ({ link, remote, local: { address: network.address, port: localPort }, queue })),
    );
  };
  return networkOf(source).pipe(
    take(1),
    throwIfEmpty(() => new Error('There is no network.')),
    switchMap(connect),
    // A network that is kept online completes what is opened in it while it is away.
    throwIfEmpty(
      () => new ModemError('NETWORK_LOST', 'The network was lost before the connection was made.'),
    ),
    catchError((cause: unknown) => {
      throw nodeError(cause, { syscall: 'connect', ...remote });
    }),
  );
}

import { type KeepOnlineOptions, keepOnline, type OnlineNetwork } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { BehaviorSubject, filter, Observable } from 'rxjs';

/** A network that is kept online. */
export interface CurrentNetwork {
  /** The network while it is open; connections that are made during an outage wait for the next one. */
  readonly source: Observable<OnlineNetwork>;
  /** The same, with undefined during an outage. */
  readonly current$: Observable<OnlineNetwork | undefined>;
}

/**
 * Keeps a network online, and hands out only one that is open.
 *
 * @param transport the link to the module
 * @param options as for `keepOnline`
 * @returns a cold observable that emits once, at once; errors when the network cannot be recovered; unsubscribing
 *   closes everything
 */
export function currentNetwork(
  transport: Transport,
  options: KeepOnlineOptions = {},
): Observable<CurrentNetwork> {
  return new Observable((subscriber) => {
    const current$ = new BehaviorSubject<OnlineNetwork | undefined>(undefined);
    const isOpen = (network: OnlineNetwork | undefined) => network !== undefined;
    subscriber.next({ source: current$.pipe(filter(isOpen)), current$ });
    subscriber.add(
      keepOnline(transport, {
        ...options,
        onStatus(status) {
          if (status.state !== 'online') current$.next(undefined);
          options.onStatus?.(status);
        },
      }).subscribe({
        next: (network) => current$.next(network),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

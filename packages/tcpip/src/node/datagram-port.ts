import {
  BehaviorSubject,
  concatMap,
  defer,
  filter,
  finalize,
  map,
  type Observable,
  Subscription,
  take,
} from 'rxjs';
import { Holding } from './holding.js';
import { type LinkWait, linkQueueOf } from './link-queue.js';
import type { ModemDatagrams, ModemNetwork, NetworkSource } from './modem-network.js';
import { nodeError, unsupported } from './node-error.js';
import { onPort } from './on-port.js';

/** One end of UDP. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** Returns whether two are the same. */
export function isSame(one: Peer, other: Peer): boolean {
  return one.address === other.address && one.port === other.port;
}

/** A bound port, and the network that it is in. */
export interface Bound {
  readonly network: ModemNetwork;
  readonly datagrams: ModemDatagrams;
}

/** What is called as a port comes and goes. */
export interface PortEvents {
  /** It is bound, for the first time or again, and nothing has been sent yet. */
  readonly onBound: (bound: Bound, port: number) => void;
  /** What waited for it is being sent. */
  readonly onUsable: () => void;
  /** It cannot be bound, or is lost. */
  readonly onFailed: (error: Error) => void;
}

const ONE_PEER =
  'The network was opened without receive: "push", and then the module does not say who sent a datagram';

/** A UDP port of the module: bound again, on the same port, on each network that follows a lost one. */
export class DatagramPort {
  private readonly source: NetworkSource;
  private readonly wait: LinkWait;
  private readonly holding = new Holding();
  /** Undefined before it is bound, and during an outage. */
  private readonly bound$ = new BehaviorSubject<Bound | undefined>(undefined);
  private binding = Subscription.EMPTY;
  private only: Peer | undefined;

  /**
   * @param source The network, or an observable of networks.
   * @param wait How long to wait for a link.
   */
  constructor(source: NetworkSource, wait: LinkWait) {
    this.source = source;
    this.wait = wait;
  }

  /** The only peer in a network that does not say who sent a datagram, once it is known. */
  get onlyPeer(): Peer | undefined {
    return this.only;
  }

  /**
   * Binds.
   *
   * @param wanted The port; 0 is one of the dynamic ports.
   * @param events What to call.
   */
  bind(wanted: number, { onBound, onUsable, onFailed }: PortEvents): void {
    let at = wanted;
    const bound$ = onPort(this.source, { wanted, syscall: 'bind' }, (network, port) =>
      defer(() => {
        if (wanted !== 0 && network.receive !== 'push') {
          throw unsupported('bind', `${ONE_PEER}. Open it with receive: "push" to serve on a port.`);
        }
        at = port;
        const datagrams$ = defer(() => network.bind({ port, onReleased: this.holding.acquire() }));
        return linkQueueOf(network).whenFree(datagrams$, this.wait);
      }).pipe(
        map((datagrams) => ({ network, datagrams })),
        finalize(() => this.bound$.next(undefined)),
      ),
    );
    this.binding = bound$.subscribe({
      next: (bound) => {
        onBound(bound, at);
        this.bound$.next(bound);
        onUsable();
      },
      error: (error: Error) => onFailed(error),
      complete: () => onFailed(nodeError(undefined, { syscall: 'bind', port: at }, 'ENETDOWN')),
    });
  }

  /** Does something as soon as the port is bound. */
  whenBound<T>(work: (bound: Bound) => Observable<T>): Observable<T> {
    return this.bound$.pipe(
      filter((bound) => bound !== undefined),
      take(1),
      concatMap(work),
    );
  }

  /** Gives the port back. */
  release(): void {
    this.binding.unsubscribe();
  }

  /** Calls back once the module has given up the link. */
  whenReleased(callback: () => void): void {
    this.holding.whenReleased(callback);
  }

  /**
   * Remembers the first peer in a network that does not say who sent a datagram.
   *
   * @throws {Error} `ENOTSUP` for a second one.
   */
  assertOnlyPeer({ receive }: ModemNetwork, peer: Peer): void {
    if (receive === 'push') return;
    this.only ??= peer;
    if (isSame(this.only, peer)) return;
    const { address, port } = this.only;
    const message = `${ONE_PEER}. This socket talks to ${address}:${port} already: use another one for each peer.`;
    throw unsupported('send', message);
  }
}

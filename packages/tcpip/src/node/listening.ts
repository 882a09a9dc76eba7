import { Subscription } from 'rxjs';
import { Holding } from './holding.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { onPort } from './on-port.js';
import { OnePerTurn } from './one-per-turn.js';

/** Where a server listens, and how many connections may wait there. */
export interface ListeningOptions {
  /** 0 is one of the dynamic ports. */
  readonly port: number;
  readonly backlog: number | undefined;
}

/** What is called as a server of the module goes on. */
export interface ListeningEvents {
  /** It listens for the first time. */
  readonly onListening: () => void;
  /** It has accepted a client. */
  readonly onClient: (link: ModemLink) => void;
  /** It failed, and the module has given it up. */
  readonly onFailed: (error: Error, hasListened: boolean) => void;
  /** It was closed, and the module has given it up. */
  readonly onClosed: () => void;
}

/**
 * A server of the module, from `listen()` until the module has given it up. The module cannot stop one
 * that has clients: until they have left, it can be reopened.
 */
export class Listening {
  private readonly events: ListeningEvents;
  private readonly open = new Subscription();
  private readonly holding = new Holding();
  private readonly incoming: OnePerTurn<ModemLink>;
  private readonly clients = new Set<object>();
  /** Clients that came before the module said that it listens. */
  private readonly early: ModemLink[] = [];
  private place: { readonly address: string; readonly port: number } | undefined;
  private closing = false;

  /** @param events What to call. */
  constructor(events: ListeningEvents) {
    this.events = events;
    this.incoming = new OnePerTurn(events.onClient);
  }

  /** Its address and port; undefined before it listens. */
  get at(): { readonly address: string; readonly port: number } | undefined {
    return this.place;
  }

  /** Whether it accepts no clients any more. */
  get isClosing(): boolean {
    return this.closing;
  }

  /** Starts to listen, unless it was closed since. */
  start(source: NetworkSource, { port: wanted, backlog }: ListeningOptions): void {
    if (this.open.closed) return;
    const accepted$ = onPort(source, { wanted, syscall: 'listen' }, (network, port) =>
      network.listen({
        port,
        backlog,
        onListening: () => this.started({ address: network.address, port }),
        onReleased: this.holding.acquire(),
      }),
    );
    this.open.add(
      accepted$.subscribe({
        next: (link) => {
          if (this.place === undefined) this.early.push(link);
          else this.incoming.push(link);
        },
        error: (error: Error) => {
          const hasListened = this.place !== undefined;
          this.stop(() => this.events.onFailed(error, hasListened));
        },
      }),
    );
  }

  /** Calls back when it stops accepting. */
  add(teardown: () => void): void {
    this.open.add(teardown);
  }

  /** Counts a client, until {@link leave}. */
  enter(client: object): void {
    this.clients.add(client);
  }

  /** A client is gone. */
  leave(client: object): void {
    this.clients.delete(client);
    process.nextTick(() => this.finish());
  }

  /** Stops accepting, and gives the server back when the last client has left. */
  close(): void {
    this.closing = true;
    this.finish();
  }

  /** Whether {@link reopen} makes it listen on a port; 0 is any. */
  canReopen(port: number): boolean {
    return this.place !== undefined && !this.open.closed && (port === 0 || port === this.place.port);
  }

  /** Accepts clients again. */
  reopen(): void {
    this.closing = false;
  }

  /** It listens, for the first time or again after an outage. */
  private started(place: { readonly address: string; readonly port: number }): void {
    const isFirst = this.place === undefined;
    this.place = place;
    if (!isFirst) return;
    this.incoming.take();
    this.events.onListening();
    for (const link of this.early.splice(0)) this.incoming.push(link);
  }

  private finish(): void {
    if (this.closing && this.clients.size === 0 && !this.open.closed) this.stop(this.events.onClosed);
  }

  /** Calls back once the module has given up the server. */
  private stop(then: () => void): void {
    this.open.unsubscribe();
    this.holding.whenReleased(() => process.nextTick(then));
  }
}

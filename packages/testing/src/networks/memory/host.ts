import { NEVER, Observable, type SchedulerLike, Subject, Subscription, switchMap } from 'rxjs';
import type { MobileNetwork } from '../mobile/mobile-network.js';
import {
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  isAddress,
  type Listener,
  type Network,
  NetworkError,
} from '../network.js';
import { type HostConditions, Pipe } from './conditions.js';
import type { Path, PathEnd } from './path.js';
import { type MemoryConnection, type TcpPair, tcpPair } from './tcp-pair.js';

/** A host of a memory internet: the network of an emulated module, or a peer of one. */
export interface MemoryHost extends Network {
  /** How it is connected; may be changed at any time, for what comes afterwards. */
  readonly conditions: HostConditions;
  connect(to: Endpoint, localPort?: number): Observable<MemoryConnection>;
  /**
   * Serves a TCP port. Cold; emits each connection, errors with `port-in-use`. Unsubscribing stops
   * listening, connections stay.
   *
   * @param port The port of this host.
   * @returns This host's end of each connection.
   */
  serve(port: number): Observable<MemoryConnection>;
  ping(address: string, size: number): Observable<number>;
  /** Nothing reaches it and nothing leaves it any more: its connections are half-open. */
  vanish(): void;
  /** It is there again; what TCP had to send in the meantime arrives. */
  reappear(): void;
}

/** What a host needs of the internet that it is part of. */
export interface Backbone {
  readonly mobile: MobileNetwork;
  readonly scheduler: SchedulerLike;
  /** Time in ms after which a connection that is not answered is given up. */
  readonly synTimeout: number;
  hostAt(address: string): Host | undefined;
  path(from: PathEnd, to: PathEnd): Path;
  resolve(name: string): Observable<readonly string[]>;
}

/** The first port that is given to who asks for any. */
const FIRST_FREE_PORT = 50_000;

export class Host implements MemoryHost, PathEnd {
  readonly address: string;
  readonly conditions: HostConditions;
  readonly up = new Pipe();
  readonly down = new Pipe();
  readonly mobile: MobileNetwork;
  present = true;
  private readonly internet: Backbone;
  private readonly listeners = new Map<number, Subject<MemoryConnection>>();
  private readonly datagramPorts = new Map<number, Subject<Datagram>>();
  private readonly clientPorts = new Set<number>();
  private readonly pairs = new Set<TcpPair>();
  private nextPort = FIRST_FREE_PORT;

  constructor(address: string, conditions: HostConditions, internet: Backbone) {
    this.address = address;
    this.conditions = conditions;
    this.internet = internet;
    this.mobile = internet.mobile;
  }

  connect(to: Endpoint, localPort?: number): Observable<MemoryConnection> {
    return this.internet
      .resolve(to.host)
      .pipe(switchMap(([host = to.host]) => this.dial({ host, port: to.port }, localPort)));
  }

  serve(port: number): Observable<MemoryConnection> {
    return new Observable((subscriber) => {
      const accepted = new Subject<MemoryConnection>();
      subscriber.add(this.occupy(this.listeners, port, accepted));
      subscriber.add(accepted.subscribe(subscriber));
    });
  }

  listen(port: number): Observable<Listener> {
    return new Observable((subscriber) => {
      const accepted = new Subject<MemoryConnection>();
      subscriber.add(this.occupy(this.listeners, port, accepted));
      subscriber.next({ connections$: accepted.asObservable() });
    });
  }

  bind(wanted: number): Observable<DatagramSocket> {
    return new Observable((subscriber) => {
      const received = new Subject<Datagram>();
      const port = wanted === 0 ? this.anyPort(this.datagramPorts) : wanted;
      subscriber.add(this.occupy(this.datagramPorts, port, received));
      subscriber.next({
        port,
        received$: received.asObservable(),
        send: (bytes, to) => this.sendDatagram(bytes, port, to),
      });
    });
  }

  ping(address: string, size: number): Observable<number> {
    return new Observable((subscriber) => {
      const { scheduler } = this.internet;
      const peer = this.internet.hostAt(address);
      const sent = scheduler.now();
      if (peer === undefined) return;
      this.internet.path(this, peer).sendDatagram(size, () => {
        this.internet.path(peer, this).sendDatagram(size, () => {
          subscriber.next(scheduler.now() - sent);
          subscriber.complete();
        });
      });
    });
  }

  /** Every address is that of a name server, unless a host has it that has vanished. */
  resolve(name: string, servers: readonly string[] = []): Observable<readonly string[]> {
    const silent =
      servers.length > 0 && servers.every((server) => this.internet.hostAt(server)?.present === false);
    return silent && !isAddress(name) ? NEVER : this.internet.resolve(name);
  }

  vanish(): void {
    this.present = false;
    for (const pair of this.pairs) pair.cut();
  }

  reappear(): void {
    this.present = true;
    for (const pair of this.pairs) pair.restore();
  }

  private dial(to: Endpoint, localPort: number | undefined): Observable<MemoryConnection> {
    return new Observable((subscriber) => {
      const { scheduler, synTimeout } = this.internet;
      const fail = (failure: NetworkError['failure'], why: string) =>
        subscriber.error(new NetworkError(failure, `Cannot connect to ${to.host}:${to.port}: ${why}.`));
      const peer = this.internet.hostAt(to.host);
      if (peer === undefined) {
        fail('unreachable', 'there is no such host');
        return;
      }
      const port = localPort ?? this.anyPort(this.clientPorts);
      if (this.clientPorts.has(port) || this.listeners.has(port)) {
        fail('port-in-use', `the local port ${port} is in use`);
        return;
      }
      this.clientPorts.add(port);
      const there = this.internet.path(this, peer);
      const back = this.internet.path(peer, this);
      let connected = false;
      let near: MemoryConnection | undefined;

      there.transmit(0, () => {
        if (subscriber.closed) return;
        const accepted = peer.listeners.get(to.port);
        if (accepted === undefined) {
          if (peer.conditions.closedPorts === 'refuse')
            back.transmit(0, () => fail('refused', 'no server listens'));
          return;
        }
        const here = { endpoint: { host: this.address, port }, conditions: this.conditions, path: there };
        const pair = tcpPair(
          scheduler,
          here,
          { endpoint: to, conditions: peer.conditions, path: back },
          () => {
            this.pairs.delete(pair);
            peer.pairs.delete(pair);
            this.clientPorts.delete(port);
          },
        );
        this.pairs.add(pair);
        peer.pairs.add(pair);
        const [mine, theirs] = pair.ends;
        near = mine;
        accepted.next(theirs);
        back.transmit(0, () => {
          connected = true;
          subscriber.next(mine);
          subscriber.complete();
        });
      });

      const timeout = subscriber.closed
        ? Subscription.EMPTY
        : scheduler.schedule(() => fail('timeout', 'it does not answer'), synTimeout);
      subscriber.add(() => {
        timeout.unsubscribe();
        if (connected) return;
        near?.reset();
        if (near === undefined) this.clientPorts.delete(port);
      });
    });
  }

  private sendDatagram(bytes: Uint8Array, port: number, to: Endpoint): Observable<never> {
    return this.internet.resolve(to.host).pipe(
      switchMap(
        ([host = to.host]) =>
          new Observable<never>((subscriber) => {
            const from = { host: this.address, port };
            const peer = this.internet.hostAt(host);
            const copy = bytes.slice();
            // A datagram is lost without a word, also when there is no such host.
            if (peer !== undefined) {
              const land = () => peer.datagramPorts.get(to.port)?.next({ bytes: copy.slice(), from });
              this.internet.path(this, peer).sendDatagram(copy.length, land);
            }
            subscriber.complete();
          }),
      ),
    );
  }

  private occupy<T>(ports: Map<number, T>, port: number, value: T): () => void {
    if (ports.has(port)) throw new NetworkError('port-in-use', `Port ${port} of ${this.address} is in use.`);
    ports.set(port, value);
    return () => {
      ports.delete(port);
    };
  }

  private anyPort(taken: { has(port: number): boolean }): number {
    while (taken.has(this.nextPort) || this.listeners.has(this.nextPort)) this.nextPort += 1;
    return this.nextPort++;
  }
}

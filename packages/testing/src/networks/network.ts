import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';
import type { MobileNetwork } from './mobile/mobile-network.js';
import type { TlsOptions } from './tls.js';

/** Where a socket is, or who is at its other end. */
export interface Endpoint {
  /** An IP address; where it is asked for, a name will do. */
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
}

/** A TCP connection of the module, as the world outside sees it. */
export interface Connection extends ByteLink {
  /** The peer. */
  readonly remote: Endpoint;
  /** Ends it at once, without sending what is queued; the peer sees a reset. */
  reset(): void;
  /**
   * Gives the connection up (`timeout`) once the peer has acknowledged nothing for that many ms
   * (`AT+CIPCCFG`, `AT+CSOC`). Default: the network's own time.
   *
   * @param time In ms.
   */
  giveUpAfter?(time: number): void;
  /**
   * Asks the peer for a sign of life when nothing is heard (`AT+CTCPKA`). Times are in ms.
   *
   * @param probe When the first probe is sent, the time between two, and how many may fail.
   */
  keepAlive?(probe: { readonly idle: number; readonly interval: number; readonly count: number }): void;
}

/** A port that the module listens on. */
export interface Listener {
  /** Incoming connections. Hot; those without a subscriber are lost. */
  readonly connections$: Observable<Connection>;
}

/** One UDP datagram. */
export interface Datagram {
  /** Its content. */
  readonly bytes: Uint8Array;
  /** Who has sent it. */
  readonly from: Endpoint;
}

/** A UDP port of the module. */
export interface DatagramSocket {
  /** The port that it has, also when any free one was asked for. */
  readonly port: number;
  /** Hot; what arrives without a subscriber is lost. */
  readonly received$: Observable<Datagram>;
  /**
   * Sends one datagram. Cold; emits nothing, completes when it has left. Errors with a
   * {@link NetworkError} when the address cannot be found or used, never because it got lost.
   *
   * @param bytes The content of the datagram.
   * @param to Where to, by address or name.
   * @returns Cold.
   */
  send(bytes: Uint8Array, to: Endpoint): Observable<never>;
}

/** Why a network did not do what the module asked for. */
export type NetworkFailure =
  /** The peer answered that it does not listen there. */
  | 'refused'
  /** There is no way to that address. */
  | 'unreachable'
  /** No answer in the time that TCP allows. */
  | 'timeout'
  /** No address belongs to that name. */
  | 'unknown-host'
  /** The local port is taken, or this user may not have it. */
  | 'port-in-use'
  /** The peer broke the connection off. */
  | 'reset'
  /** TLS was not agreed on. */
  | 'handshake';

/** Reported by a {@link Network}; the emulator turns it into the module's `<err>`. */
export class NetworkError extends Error {
  /** What kind of failure it is. */
  readonly failure: NetworkFailure;

  /**
   * Makes an error with its kind, a message for people, and what caused it.
   *
   * @param failure What kind of failure it is.
   * @param message For people.
   * @param cause What it was made from, if anything.
   */
  constructor(failure: NetworkFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'NetworkError';
    this.failure = failure;
  }
}

/** What the emulated module is connected to. */
export interface Network {
  /** The module's own address in it. */
  readonly address: string;
  /** Who carries its messages and calls; without one, each module has a mobile network of its own. */
  readonly mobile?: MobileNetwork;
  /**
   * Connects to a TCP server, from any local port or from `localPort`. Cold; emits the connection
   * once, errors with a {@link NetworkError}. Unsubscribing before that gives up; afterwards the
   * connection belongs to the subscriber.
   *
   * @param to The server, by address or name.
   * @param localPort Default: any free one.
   * @returns The connection.
   */
  connect(to: Endpoint, localPort?: number): Observable<Connection>;
  /**
   * Listens on a TCP port of the module. Cold; emits the listener once it listens, errors with a
   * {@link NetworkError}. Unsubscribing stops listening, accepted connections stay.
   *
   * @param port From 1 to 65535.
   * @returns The listener.
   */
  listen(port: number): Observable<Listener>;
  /**
   * Opens a UDP port of the module; 0 is any free one. Cold; emits the socket once it is open,
   * errors with a {@link NetworkError}. Unsubscribing closes it.
   *
   * @param port From 0 to 65535.
   * @returns The socket.
   */
  bind(port: number): Observable<DatagramSocket>;
  /**
   * Sends an echo request of that many bytes. Cold; emits the round-trip time in ms once the answer is
   * there, which may be never. Networks without it never answer.
   *
   * @param address An IP address.
   * @param size Bytes of the request's content.
   * @returns The time of the round trip.
   */
  ping?(address: string, size: number): Observable<number>;
  /**
   * Secures a connection as its client, for the module's own services; without it, every handshake
   * fails. Cold; emits the secured connection once, errors with a {@link NetworkError} (`handshake`).
   *
   * @param connection A TCP connection that was just made.
   * @param options Certificates and version.
   * @returns The connection for plain bytes.
   */
  secure?(connection: Connection, options: TlsOptions): Observable<Connection>;
  /**
   * Looks up the addresses of a name.
   *
   * @param name Of a host.
   * @param servers Addresses of the name servers to be asked (`AT+CDNSCFG`). Default: the network's own.
   * @returns Cold; emits the addresses once, errors with a {@link NetworkError}; never emits where no
   *   server answers.
   */
  resolve(name: string, servers?: readonly string[]): Observable<readonly string[]>;
}

/** Whether `host` is an IP address, so that no name server has to be asked. */
export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':');
}

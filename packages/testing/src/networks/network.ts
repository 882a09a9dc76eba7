import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';

/** A TCP connection of the module, as the world outside sees it. */
export interface Connection extends ByteLink {
  readonly remote: { readonly host: string; readonly port: number };
  /** Ends it at once, without sending what is queued; the peer sees a reset. */
  reset(): void;
}

/** A port that the module listens on. */
export interface Listener {
  /** Incoming connections. Hot; those that nobody takes are lost. */
  readonly connections$: Observable<Connection>;
}

/** Why a network did not do what the module asked for. */
export type NetworkFailure = 'refused' | 'unreachable' | 'timeout' | 'unknown-host' | 'port-in-use';

/** Reported by a {@link Network}; the emulator turns it into the module's `<err>`. */
export class NetworkError extends Error {
  readonly failure: NetworkFailure;

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
  /**
   * Connects to a TCP server. Cold; emits the connection once, errors with a {@link NetworkError}.
   * Unsubscribing before that gives up; afterwards the connection belongs to the subscriber.
   */
  connect(to: { readonly host: string; readonly port: number }): Observable<Connection>;
  /**
   * Listens on a TCP port of the module. Cold; emits the listener once it listens, errors with a
   * {@link NetworkError}. Unsubscribing stops listening, accepted connections stay.
   */
  listen(port: number): Observable<Listener>;
}

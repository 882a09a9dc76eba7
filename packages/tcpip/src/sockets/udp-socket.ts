import type { Chunk, LinkEnd } from '@a7600/transport';
import type { Observable } from 'rxjs';
import type { Endpoint } from '../links/link-handler.js';

/** What came in one UDP packet. */
export interface Datagram {
  /** Its payload. */
  readonly bytes: Uint8Array;
  /**
   * The sender, which direct push reports (`RECV FROM`). Undefined with buffer access, which does not.
   */
  readonly from: Endpoint | undefined;
}

/** A UDP socket of the module. */
export interface UdpSocket {
  /** The module's number for the socket, 0 to 9. */
  readonly link: number;
  /** The port on the module's side, as it was given to `bind`. */
  readonly localPort: number;
  /** The peer that was given to `bind`: where datagrams without an address go. */
  readonly remote: Endpoint | undefined;
  /**
   * The datagrams, in the order in which they came. Hot and shared, no replay: they wait in the
   * module while there is no subscriber or the socket is paused, and are lost when its buffer is
   * full, as UDP loses them. Completes when the socket is closed; errors when it is lost.
   */
  readonly datagrams$: Observable<Datagram>;
  /** Replays why the socket ended, then completes. */
  readonly ended$: Observable<LinkEnd>;
  /**
   * Sends one datagram.
   *
   * @param data - 1 to 1500 bytes; a string is sent as UTF-8.
   * @param to - The receiver. Default: the peer given to `bind`.
   * @returns A cold observable that completes when the module has accepted the datagram, and errors when it
   * does not, or with `WRONG_MODE` when there is no receiver.
   */
  send(data: Chunk, to?: Endpoint): Observable<never>;
  /** Holds `datagrams$` back until {@link resume}. */
  pause(): void;
  /** Lets `datagrams$` emit again after {@link pause}. */
  resume(): void;
  /**
   * Closes the socket after what was sent before.
   *
   * @returns A cold observable that completes when the link is free.
   */
  close(): Observable<never>;
}

import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';
import type { Endpoint } from '../links/link-handler.js';

/**
 * A TCP connection of the module.
 *
 * As a {@link ByteLink}: `received$` completes when the peer has closed and all that it sent was
 * delivered, and errors with `NETWORK_LOST`, `MODULE_RESTARTED`, `LINK_CLOSED`, … when the
 * connection broke. `write` completes when the module has accepted the bytes for sending. The
 * module has no half-open sockets: when the peer has closed, nothing can be sent any more.
 */
export interface TcpSocket extends ByteLink {
  /** The module's number for the connection, 0 to 9. */
  readonly link: number;
  /** The other side, as it was given to `connect` or reported by the module. */
  readonly remote: Endpoint;
  /** Index of the server that accepted it; undefined for a connection made from here. */
  readonly server: number | undefined;
  /**
   * Waits until the peer has acknowledged everything written before (`AT+CIPACK`). Asks after 100 ms, then
   * less and less often, up to every 2 s.
   *
   * @returns A cold observable that completes when everything is acknowledged, and errors when the connection
   * ends first.
   */
  delivered(): Observable<never>;
}

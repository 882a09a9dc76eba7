import type { Observable } from 'rxjs';
import type { Framing, InputLines, SerialLink } from '../serial-link.js';
import type { TcpOptions } from './tcp.js';

/** The address of an RFC 2217 server, and the settings of its port. */
export interface Rfc2217Options extends TcpOptions, Framing {
  /** Bits per second. Default 115200. */
  readonly baudRate?: number | undefined;
  /** Time in ms that the server has for each answer. Default 5000. */
  readonly answerTimeout?: number | undefined;
}

/** A {@link SerialLink} over RFC 2217, with what only a server tells or does. */
export interface RemotePort extends SerialLink {
  /** The device's lines whenever they change. Hot, replays the last state; completes with the link. */
  readonly lines$: Observable<InputLines>;
  /**
   * Drops what the server has buffered in either direction. Cold; completes when it has.
   *
   * @returns a cold observable that emits nothing and completes when the server has confirmed
   */
  purge(): Observable<never>;
}

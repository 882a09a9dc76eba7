import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';
import type { Endpoint } from '../links/link-handler.js';

/**
 * A connection whose wire is the line to the module itself (transparent mode).
 *
 * As a {@link ByteLink}: what is written goes to the peer as it is, what the peer sends comes as it
 * is. While the session carries data the module takes no commands: those of `Modem.run` wait until
 * command mode is entered or the session is closed. Data that reads like a line of the module
 * (`CLOSED`, a start-up line) is held back until the module has said whether the connection is still
 * there, which takes two guard times; a peer can cause that once in 10 s.
 */
export interface TransparentSession extends ByteLink {
  /** The other side, as it was given, or as the module reported it. */
  readonly remote: Endpoint;
  /**
   * Leaves data mode, with `+++` between two silences of 1 s, or by DTR, and lets the module prove that
   * it is the module that answers. The connection stays, and what is written meanwhile waits.
   *
   * @returns Cold; emits nothing, completes when commands can be run.
   * @throws `TIMEOUT` when the module does not answer: the session still carries data. `LINK_CLOSED` when
   *   the connection ends first.
   * @see Application note, 1.6
   */
  enterCommandMode(): Observable<never>;
  /**
   * Returns to data mode (`ATO`).
   *
   * @returns Cold; emits nothing, completes when data flows again.
   * @throws `TIMEOUT` when the module does not return to it, `WRONG_MODE` when `enterCommandMode` is
   *   called before it has, `LINK_CLOSED` when the connection ends first.
   * @see Application note, 1.6
   */
  enterDataMode(): Observable<never>;
}

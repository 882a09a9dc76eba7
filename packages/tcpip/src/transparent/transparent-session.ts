import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';
import type { Endpoint } from '../links/link-handler.js';

/**
 * A connection whose wire is the line to the module itself (transparent mode).
 *
 * As a {@link ByteLink}: what is written goes to the peer as it is, what the peer sends comes as it
 * is. While the session carries data the module takes no commands: those of `Modem.run` wait until
 * it is suspended or closed. Data that looks like the module's `CLOSED` line is held back until the
 * module has said whether the connection is still there, which takes two guard times.
 */
export interface TransparentSession extends ByteLink {
  /** The other side, as it was given, or as the module reported it. */
  readonly remote: Endpoint;
  /**
   * Leaves data mode, with `+++` between two silences of 1 s, or by DTR. The connection stays, and
   * what is written meanwhile waits. Cold; emits nothing, completes when commands can be run,
   * errors with `TIMEOUT` when the module does not answer.
   */
  suspend(): Observable<never>;
  /** Back to data mode (`ATO`). Cold; completes when data flows again. */
  proceed(): Observable<never>;
}

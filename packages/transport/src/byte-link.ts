import type { Observable } from 'rxjs';
import type { WriteData } from './write-data.js';

/**
 * Why a link can carry no more bytes from this side.
 *
 * - `local`: this side closed it.
 * - `remote`: the other side closed it in good order.
 * - `lost`: it broke; `error` says how.
 */
export type LinkEnd =
  | { readonly by: 'local' }
  | { readonly by: 'remote' }
  | { readonly by: 'lost'; readonly error: Error };

/**
 * A two-way stream of bytes: a serial port, a TCP socket, a transparent session, one end of an
 * in-memory pair. Nothing is framed, nothing is copied on the way to a single consumer.
 */
export interface ByteLink {
  /**
   * Bytes from the other side, in order, in chunks of any size.
   *
   * Hot and shared, no replay. Bytes flow while it has a subscriber and the link is not paused;
   * at other times they wait where they are (the kernel, the module, the other side of a pair), so
   * nothing is lost before the first subscriber or after a pause. Completes when either side has
   * closed and all that came before was delivered; errors when the link was lost. A chunk is the subscriber's to keep: it is never written to again.
   */
  readonly received$: Observable<Uint8Array>;

  /**
   * Replays its single value: emits why the link ended as soon as no more can be written, then
   * completes. `received$` may still have earlier bytes to deliver after that.
   */
  readonly ended$: Observable<LinkEnd>;

  /**
   * Sends `data` after everything subscribed to before: bytes, a string as UTF-8, or a stream of
   * these, chunk after chunk. Cold: each subscription sends once. Emits nothing, completes when the
   * link has accepted all of it. Unsubscribing cancels what the link has not submitted yet. Bytes
   * must not be changed before the completion.
   *
   * @throws (as an error of the observable) `INVALID_ARGUMENT` for anything else; the error of the
   *   link when it ends first.
   * @param data bytes, a string (sent as UTF-8), or a stream of these
   * @returns a cold observable that emits nothing and completes when the link has accepted everything
   */
  write(data: WriteData): Observable<never>;

  /**
   * Ends the outgoing direction only: the other side sees the end after what was written before,
   * and can still send. Cold; completes when that is done. Absent where the link has no half-open
   * state.
   *
   * @returns a cold observable that emits nothing and completes when the direction has ended
   */
  end?(): Observable<never>;

  /** Holds `received$` back until {@link resume}. A second call changes nothing. */
  pause(): void;

  /** Lets `received$` flow again. */
  resume(): void;

  /**
   * Ends the link from this side. Cold: emits nothing, completes when what was written before has
   * been accepted and the link is released. Closing an ended link completes at once.
   *
   * @returns a cold observable that emits nothing and completes when the link is released
   */
  close(): Observable<never>;
}

/**
 * Opens a {@link ByteLink} when subscribed to and emits it once. Cold: each subscription opens a
 * link of its own; unsubscribing releases it without waiting for unsent bytes. Completes when the
 * link has been closed by either side, errors when it cannot be opened or is lost.
 */
export type Transport = Observable<ByteLink>;

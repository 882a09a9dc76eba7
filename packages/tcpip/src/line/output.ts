import { type ByteLink, isTransportError, type SerialLink } from '@a7600/transport';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  Observable,
  of,
  retry,
  type SchedulerLike,
  throwError,
} from 'rxjs';

/** The most bytes of payload that a port which tells has accepted and not sent. */
export const UNSENT_LIMIT = 8_192;
/** Speed in bit/s of a line that does not tell its own; a byte takes ten bits. */
const USUAL_RATE = 115_200;

/** Writes to the port in data mode, and knows when what it wrote has left it: an accepted write is not sent. */
export class Output {
  private readonly port: ByteLink & { readonly baudRate?: number };
  private readonly scheduler: SchedulerLike;
  private sentAt: number;
  private unsent = 0;

  constructor(port: ByteLink, scheduler: SchedulerLike) {
    this.port = port;
    this.scheduler = scheduler;
    this.sentAt = scheduler.now();
  }

  /** Completes when the port has accepted the bytes. Cold. */
  write(bytes: Uint8Array): Observable<never> {
    return new Observable((subscriber) =>
      this.port.write(bytes).subscribe({
        error: (error) => subscriber.error(error),
        complete: () => {
          this.accepted(bytes.length);
          subscriber.complete();
        },
      }),
    );
  }

  /** Something was written that did not go through here. */
  accepted(count: number): void {
    const now = this.scheduler.now();
    const byteTime = 10_000 / (this.port.baudRate || USUAL_RATE);
    const waiting = Math.max(0, this.sentAt - now) + count * byteTime;
    this.sentAt = now + Math.min(waiting, UNSENT_LIMIT * byteTime);
    this.unsent += count;
  }

  /** Whether the port has accepted as much as it may hold before it has to send. */
  get isFull(): boolean {
    return this.unsent >= UNSENT_LIMIT && 'drain' in this.port;
  }

  /**
   * Emits the time at which the last byte leaves the port, once that is known. A port that reports
   * that it is empty may not know of a buffer beyond it, so the line's speed counts too. Cold.
   */
  whenSent(): Observable<number> {
    return concat(
      defer(() => this.drain()),
      defer(() => of(Math.max(this.scheduler.now(), this.sentAt))),
    );
  }

  /** Completes when the port is empty, or cannot tell. */
  private drain(): Observable<never> {
    if (!('drain' in this.port)) return EMPTY;
    const { unsent } = this;
    return concat(
      (this.port as SerialLink).drain().pipe(
        // Flow control may hold the bytes back for as long as the peer does not read.
        retry({
          delay: (error: unknown) => (isTransportError(error, 'TIMEOUT') ? of(0) : throwError(() => error)),
        }),
        catchError(() => EMPTY),
      ),
      defer(() => {
        this.unsent -= unsent;
        return EMPTY;
      }),
    );
  }
}

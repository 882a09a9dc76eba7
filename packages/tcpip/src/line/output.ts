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
  tap,
  throwError,
} from 'rxjs';

/**
 * The most bytes of payload that a port which tells has accepted and not sent, and those of one that is fast. A part is half of
 * that: the longer, the less often a fast port waits for the next one; but what has 64 KiB, it writes in another thread,
 * which is slower for who waits for each part.
 */
export const UNSENT_LIMIT = 8_192;
export const FAST_LIMIT = 2 * 65_535;
/** A port is fast that is empty after that part of the time that the line would need: USB, whatever its speed is set to. */
const FAST = 1 / 8;
/** The shortest time in ms of the line that tells: clocks count whole milliseconds. */
const TELLING = 8;
/** Speed in bit/s of a line that does not tell its own; a byte takes ten bits. */
const USUAL_RATE = 115_200;

/** Writes to the port in data mode, and knows when what it wrote has left it: an accepted write is not sent. */
export class Output {
  private readonly port: ByteLink & Partial<Pick<SerialLink, 'baudRate' | 'capacity'>>;
  private readonly scheduler: SchedulerLike;
  private sentAt: number;
  /** Bytes that the port has accepted, and how many of them it has sent, as far as it told. */
  private written = 0;
  private sent = 0;
  private unsentLimit = UNSENT_LIMIT;

  constructor(port: ByteLink, scheduler: SchedulerLike) {
    this.port = port;
    this.scheduler = scheduler;
    this.sentAt = scheduler.now();
  }

  /** Completes when the port has accepted the bytes. Cold. */
  write(bytes: Uint8Array): Observable<never> {
    return new Observable((subscriber) => {
      const since = this.scheduler.now();
      return this.port.write(bytes).subscribe({
        error: (error) => subscriber.error(error),
        complete: () => {
          const time = this.scheduler.now() - since;
          if (time > bytes.length * this.byteTime * FAST) this.unsentLimit = UNSENT_LIMIT;
          this.accepted(bytes.length);
          subscriber.complete();
        },
      });
    });
  }

  /** Something was written that did not go through here. */
  accepted(count: number): void {
    const now = this.scheduler.now();
    const waiting = Math.max(0, this.sentAt - now) + count * this.byteTime;
    this.sentAt = now + Math.min(waiting, UNSENT_LIMIT * this.byteTime);
    this.written += count;
  }

  /** Whether the port has accepted as much as it may hold before it has to send. */
  get isFull(): boolean {
    return 'drain' in this.port && this.written - this.sent >= this.unsentLimit && !this.isLimited;
  }

  /** Whether a fast port cannot hold more than it may, with a part that it is accepting: it need not be asked. */
  private get isLimited(): boolean {
    const { capacity = Number.POSITIVE_INFINITY } = this.port;
    return this.unsentLimit === FAST_LIMIT && capacity + this.chunk <= FAST_LIMIT;
  }

  /** The time in ms that a byte needs on the line. */
  private get byteTime(): number {
    return 10_000 / (this.port.baudRate || USUAL_RATE);
  }

  /** Bytes that are best written at once, so that the port says how far it has come. */
  get chunk(): number {
    return this.unsentLimit / 2;
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
    const { written, sentAt } = this;
    const since = this.scheduler.now();
    return concat(
      (this.port as SerialLink).drain().pipe(
        tap({ complete: () => this.judge(this.scheduler.now() - since, sentAt - since) }),
        // Flow control may hold the bytes back for as long as the peer does not read.
        retry({
          delay: (error: unknown) => (isTransportError(error, 'TIMEOUT') ? of(0) : throwError(() => error)),
        }),
        catchError(() => EMPTY),
      ),
      defer(() => {
        this.sent = Math.max(this.sent, written);
        return EMPTY;
      }),
    );
  }

  /** The port was empty after `time` ms, of which the line would have needed `lineTime`. */
  private judge(time: number, lineTime: number): void {
    if (lineTime < TELLING) return;
    this.unsentLimit = time <= lineTime * FAST ? FAST_LIMIT : UNSENT_LIMIT;
  }
}

import { cipSend, joinChunks, LINK_DOWN, MAX_PAYLOAD, type SendReport, type Settled } from '@a7600/at-codec';
import {
  catchError,
  map,
  Observable,
  of,
  type SchedulerLike,
  type Subscriber,
  Subscription,
  timer,
} from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { isUnanswered, saysBusy } from '../base/refusals.js';
import type { Job, TrafficSource } from '../lane/job.js';
import type { Lane } from '../lane/lane.js';
import type { Endpoint } from '../links/link-handler.js';

/** Time in ms after which a link whose send buffer was full tries again; it doubles up to the last. */
const FIRST_RETRY = 20;
const LAST_RETRY = 500;

/** What to send: a part of a stream, or a datagram, which goes out alone and whole. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly datagram?: { readonly to: Endpoint | undefined } | undefined;
}

/** What a {@link Writer} sends to, and what it calls. */
export interface WriterOptions {
  readonly link: number;
  readonly lane: Pick<Lane, 'wake'>;
  readonly scheduler: SchedulerLike;
  /** Whether the link still has the handler for which this writes. */
  readonly isOurs: () => boolean;
  /** Asks how many bytes the module has taken since the connection was made; undefined where it does not count them. */
  readonly taken?: (() => Observable<number>) | undefined;
  /** Called when the module reports that the link is down, or did not answer. */
  readonly onDown: (error: Error | undefined) => void;
  /** Called when bytes were misdelivered: the module sent them over the next connection of the link. */
  readonly onMisdirected: () => void;
}

interface Write {
  /** What is to be sent. When the rest is cancelled, only what is already on its way. */
  bytes: Uint8Array;
  readonly datagram: Outgoing['datagram'];
  readonly subscriber: Subscriber<never>;
  /** Bytes that the module has confirmed. */
  confirmed: number;
  /** Bytes that were submitted to the module, confirmed or not. */
  submitted: number;
}

/**
 * Sends what is written to a link, one `CIPSEND` at a time. All that was written while one was
 * under way goes out in the next, up to 1500 bytes, without waiting for more. What the module does
 * not confirm is sent again.
 */
export class Writer implements TrafficSource {
  private readonly options: WriterOptions;
  private readonly queue: Write[] = [];
  private sending = false;
  /** The link was ours when the module took the chunk that is on its way. */
  private accepted = false;
  private retry = Subscription.EMPTY;
  private retryDelay = FIRST_RETRY;
  private ended: Error | undefined;
  private isHeld = false;
  private readonly onIdle: (() => void)[] = [];
  private total = 0;

  constructor(options: WriterOptions) {
    this.options = options;
  }

  /** Bytes that the module has confirmed so far. */
  get confirmed(): number {
    return this.total;
  }

  /** The same, with those that are on their way. */
  get submitted(): number {
    const { sending, queue, total } = this;
    return sending ? queue.reduce((sum, write) => sum + write.submitted - write.confirmed, total) : total;
  }

  /** Cold: sends once for each subscription, after what was subscribed to before. */
  write({ bytes, datagram }: Outgoing): Observable<never> {
    return new Observable((subscriber) => {
      if (this.ended !== undefined) {
        subscriber.error(this.ended);
        return;
      }
      const write: Write = { bytes, datagram, subscriber, confirmed: 0, submitted: 0 };
      this.queue.push(write);
      this.wake();
      return () => this.cancel(write);
    });
  }

  /** Whether something is on its way. */
  get isSending(): boolean {
    return this.sending;
  }

  /** Whether nothing is sent for now: the connection may have ended. What is on its way goes on. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.wake();
  }

  /** Calls `done` once everything written so far is confirmed, or has failed. */
  whenIdle(done: () => void): void {
    if (this.queue.length === 0 && !this.sending) done();
    else this.onIdle.push(done);
  }

  /** Calls `done` once nothing was confirmed for that many ms, unless it is disposed before. */
  onStalled(time: number, done: () => void): Disposer {
    let before = this.total;
    const look = timer(time, time, this.options.scheduler).subscribe(() => {
      if (this.total === before) {
        look.unsubscribe();
        done();
      }
      before = this.total;
    });
    return () => look.unsubscribe();
  }

  /**
   * Fails everything that is not confirmed, and every later write, with `error`. `onItsWay` says
   * whether that includes what the module was submitted whole and has not reported on yet.
   */
  end(error: Error, onItsWay: 'fails' | 'is awaited' = 'fails'): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.retry.unsubscribe();
    const awaited = (write: Write) => this.sending && write.submitted === write.bytes.length;
    const kept = onItsWay === 'is awaited' ? this.queue.filter(awaited) : [];
    const failed = this.queue.splice(0).filter((write) => !kept.includes(write));
    this.queue.push(...kept);
    for (const write of failed) write.subscriber.error(error);
    if (kept.length === 0) this.idle();
  }

  next(): Job | undefined {
    if (!this.wanted()) return undefined;
    this.sending = true;
    const { link, isOurs } = this.options;
    const command = cipSend({ link, bytes: this.gather(), to: this.queue[0]?.datagram?.to });
    this.accepted = false;
    return {
      command,
      cancelled: () => !isOurs(),
      answered: () => {
        this.accepted = isOurs();
      },
      settle: (settled) => this.settle(settled as Settled<SendReport>),
    };
  }

  private wake(): void {
    this.dropEmpty();
    if (this.wanted()) this.options.lane.wake(this);
  }

  private wanted(): boolean {
    const isReady = !this.isHeld && !this.sending && this.retry.closed;
    return isReady && this.queue.length > 0;
  }

  /** The next chunk: a datagram, a view of one write where that is enough, or the next ones joined. */
  private gather(): Uint8Array {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const write of this.queue) {
      if (write.datagram !== undefined && parts.length > 0) break;
      const part = write.bytes.subarray(write.confirmed, write.confirmed + MAX_PAYLOAD - length);
      write.submitted = write.confirmed + part.length;
      parts.push(part);
      length += part.length;
      if (length === MAX_PAYLOAD || write.datagram !== undefined) break;
    }
    return joinChunks(parts);
  }

  /** A digit of a report may be damaged: what would be sent again, and would reach the peer twice, is asked for. */
  private settle(settled: Settled<SendReport>): void {
    const { taken } = this.options;
    if (!settled.ok || taken === undefined || !this.isPartial(settled.value)) {
      this.conclude(settled);
      return;
    }
    const { requested } = settled.value;
    const whole = this.total + requested;
    taken()
      .pipe(
        map((count) => (count >= whole ? { requested, confirmed: requested } : settled.value)),
        catchError(() => of(settled.value)),
      )
      .subscribe((value) => this.conclude({ ok: true, value }));
  }

  /** Whether a part was taken; a full buffer says 0 again and again, and is asked for once. */
  private isPartial({ requested, confirmed }: SendReport): boolean {
    return confirmed < requested && (confirmed > 0 || (confirmed === 0 && this.retryDelay === FIRST_RETRY));
  }

  private conclude(settled: Settled<SendReport>): void {
    this.sending = false;
    if (this.ended !== undefined) {
      const { ended } = this;
      if (settled.ok && settled.value.confirmed > 0) {
        if (this.accepted) this.confirm(settled.value.confirmed);
        else this.options.onMisdirected();
      } else if (!settled.ok && isUnanswered(settled.error) && !this.options.isOurs()) {
        // Its prompt may have been lost: what was sent in place of the payload went to who has the link now.
        this.options.onMisdirected();
      }
      for (const write of this.queue.splice(0)) write.subscriber.error(ended);
      this.idle();
      return;
    }
    for (const write of this.queue) write.submitted = write.confirmed;
    if (settled.ok) {
      const { requested, confirmed } = settled.value;
      if (confirmed <= LINK_DOWN) {
        this.options.onDown(undefined);
        return;
      }
      this.confirm(Math.min(confirmed, requested));
      if (confirmed === 0) this.retryLater();
      else this.retryDelay = FIRST_RETRY;
    } else if (saysBusy(settled.error)) {
      this.retryLater();
    } else {
      this.options.onDown(settled.error);
      return;
    }
    this.wake();
    if (this.queue.length === 0) this.idle();
  }

  private confirm(count: number): void {
    this.total += count;
    let left = count;
    while (left > 0) {
      const write = this.queue[0];
      if (write === undefined) return;
      const rest = write.bytes.length - write.confirmed;
      // A datagram that was taken in part is gone as it is: the rest would be another one.
      const part = write.datagram === undefined ? Math.min(left, rest) : rest;
      write.confirmed += part;
      left -= part;
      if (write.confirmed < write.bytes.length) return;
      this.queue.shift();
      write.subscriber.complete();
    }
  }

  private dropEmpty(): void {
    while (!this.sending && this.queue[0]?.bytes.length === 0) this.queue.shift()?.subscriber.complete();
  }

  private cancel(write: Write): void {
    const index = this.queue.indexOf(write);
    if (index < 0) return;
    write.bytes = write.bytes.subarray(0, this.sending ? write.submitted : write.confirmed);
    if (write.bytes.length > write.confirmed) return;
    this.queue.splice(index, 1);
    if (this.queue.length === 0 && !this.sending) this.idle();
  }

  private retryLater(): void {
    this.retry = this.options.scheduler.schedule(() => {
      this.retry = Subscription.EMPTY;
      this.wake();
    }, this.retryDelay);
    this.retryDelay = Math.min(2 * this.retryDelay, LAST_RETRY);
  }

  private idle(): void {
    for (const done of this.onIdle.splice(0)) done();
  }
}

import {
  BehaviorSubject,
  concat,
  defer,
  filter,
  ignoreElements,
  Observable,
  of,
  race,
  type SchedulerLike,
  take,
  throwError,
  timer,
} from 'rxjs';
import type { ByteLink, LinkEnd } from '../byte-link.js';
import { DRAIN_LIMIT, drainWithin } from '../drain.js';
import { TransportError } from '../errors.js';
import { type ReceiveQueue, receiveQueue } from '../receive-queue.js';
import type { InputLines, OutputLines, SerialLink } from '../serial-link.js';
import { channelClosed, channelError } from './errors.js';
import type { Signals } from './message.js';
import { type ChannelHandler, HIGH_WATER, type MuxLine } from './mux-line.js';
import { ASSUMED, type EndReason } from './state.js';

/** What a {@link ChannelLink} is made with. */
export interface ChannelLinkOptions {
  readonly line: MuxLine;
  readonly port: ByteLink;
  readonly dlci: number;
  readonly scheduler: SchedulerLike;
  /** Called once: when the module has acknowledged the channel, or with why it has not. */
  readonly ready: (error: Error | undefined) => void;
}

/** A {@link SerialLink} over one channel of a multiplexed line. */
export class ChannelLink implements SerialLink, ChannelHandler {
  private readonly options: ChannelLinkOptions;
  private readonly receiving: ReceiveQueue;
  /** How many writes have bytes that the port has not accepted. */
  private readonly unsent = new BehaviorSubject(0);
  private readonly refusals = new Set<() => void>();
  private remote: Signals = ASSUMED;
  private isOpen = false;
  /** The module was asked to hold its data back. */
  private isRestraining = false;

  constructor(options: ChannelLinkOptions) {
    this.options = options;
    this.receiving = receiveQueue((hasDemand) => {
      if (hasDemand) this.restrain(false);
      options.line.settle();
    });
  }

  get received$() {
    return this.receiving.received$;
  }

  get ended$() {
    return this.receiving.ended$;
  }

  get queuedBytes(): number {
    return this.receiving.queuedBytes;
  }

  /** The rate of the line; 0 where the port below has none. */
  get baudRate(): number {
    const { port } = this.options;
    return isSerial(port) ? port.baudRate : 0;
  }

  pause(): void {
    this.receiving.pause();
  }

  resume(): void {
    this.receiving.resume();
  }

  write(bytes: Uint8Array): Observable<never> {
    return new Observable((subscriber) => {
      if (this.receiving.reason !== undefined) {
        subscriber.error(channelClosed(this.options.dlci));
        return;
      }
      if (bytes.length === 0) {
        subscriber.complete();
        return;
      }
      const refuse = () => subscriber.error(channelClosed(this.options.dlci));
      this.refusals.add(refuse);
      this.unsent.next(this.refusals.size);
      subscriber.add(() => {
        this.refusals.delete(refuse);
        this.unsent.next(this.refusals.size);
      });
      subscriber.add(this.options.line.write(this.options.dlci, bytes, () => subscriber.complete()));
    });
  }

  close(): Observable<never> {
    return defer(() => {
      const { line, dlci, scheduler } = this.options;
      // A module that holds the channel back for ever does not keep it open.
      const sent$ = race(this.sent$, timer(DRAIN_LIMIT, scheduler).pipe(ignoreElements()));
      const disconnect$ = defer(() => {
        line.handle({ kind: 'close', dlci });
        return this.ended$.pipe(ignoreElements());
      });
      return this.receiving.reason === undefined ? concat(sent$, disconnect$) : of().pipe(ignoreElements());
    });
  }

  setBaudRate(): Observable<never> {
    const message = 'A channel has the rate of its line. Set the rate before AT+CMUX.';
    return throwError(() => new TransportError('UNSUPPORTED', message));
  }

  setLines(lines: Partial<OutputLines>): Observable<never> {
    return defer(() => {
      const { dtr, rts, brk } = lines;
      const driven = {
        ...(dtr === undefined ? {} : { rtc: dtr }),
        ...(rts === undefined ? {} : { rtr: rts }),
      };
      this.drive(brk === undefined ? driven : { ...driven, brk });
      return of().pipe(ignoreElements());
    });
  }

  lines(): Observable<InputLines> {
    return defer(() => of({ cts: this.remote.rtr, dsr: this.remote.rtc, dcd: this.remote.dv }));
  }

  drain(limit?: number): Observable<never> {
    const { port, dlci } = this.options;
    const line$ = isSerial(port) ? port.drain(limit) : of().pipe(ignoreElements());
    return concat(drainWithin(this.sent$, `Channel ${dlci}`, limit), line$);
  }

  opened(): void {
    this.isOpen = true;
    this.options.ready(undefined);
  }

  data(bytes: Uint8Array): void {
    this.receiving.push(bytes);
    if (this.receiving.queuedBytes > HIGH_WATER) this.restrain(true);
  }

  signals(signals: Signals): void {
    this.remote = signals;
  }

  closed(reason: EndReason | Error): void {
    const { dlci, ready } = this.options;
    const error = reason instanceof Error ? reason : channelError(dlci, reason, this.isOpen);
    const end: LinkEnd =
      error !== undefined ? { by: 'lost', error } : { by: reason === 'remote' ? 'remote' : 'local' };
    this.receiving.end(end);
    for (const refuse of [...this.refusals]) refuse();
    if (!this.isOpen) ready(error ?? channelClosed(dlci));
  }

  /** Completes when the port has accepted all that was written. */
  private get sent$(): Observable<never> {
    return this.unsent.pipe(
      filter((count) => count === 0),
      take(1),
      ignoreElements(),
    );
  }

  private restrain(on: boolean): void {
    if (this.isRestraining === on) return;
    this.isRestraining = on;
    this.drive({ fc: on });
  }

  private drive(signals: Partial<Signals>): void {
    const { line, dlci } = this.options;
    line.handle({ kind: 'drive', dlci, signals });
  }
}

function isSerial(port: ByteLink): port is SerialLink {
  return 'baudRate' in port && 'drain' in port;
}

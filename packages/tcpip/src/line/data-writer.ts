import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { GUARD_TIME } from '../base/guard-time.js';
import type { Output } from './output.js';

const PLUS = 0x2b;
/** Bytes that are written at once, so that the port says how far it has come. */
const CHUNK = 4_096;

interface Pending {
  readonly parts: Uint8Array[];
  readonly subscriber: Subscriber<never>;
}

/** What a {@link DataWriter} works with. */
export interface DataWriterOptions {
  readonly output: Pick<Output, 'write' | 'whenSent' | 'isFull'>;
  readonly scheduler: SchedulerLike;
  /** Called with every chunk that the port has accepted. */
  readonly onWritten: (bytes: Uint8Array) => void;
}

/** Time in ms for the most that a port has unsent, at 9600 baud. */
const STOPPED = 10_000;

/**
 * Writes payload to the line, in order, and keeps what is written while the line is held. Plus signs
 * that stand alone go out one by one with a guard time between them, so that no data is an escape.
 */
export class DataWriter {
  private readonly options: DataWriterOptions;
  private readonly queue: Pending[] = [];
  private readonly onIdle: (() => void)[] = [];
  private held = true;
  private busySince: number | undefined;
  private draining = false;
  private timer = Subscription.EMPTY;
  private onHeld: ((silentFrom: number) => void) | undefined;
  private ended: Error | undefined;

  /** Held at first. */
  constructor(options: DataWriterOptions) {
    this.options = options;
  }

  write(bytes: Uint8Array): Observable<never> {
    return new Observable((subscriber) => {
      if (this.ended !== undefined) {
        subscriber.error(this.ended);
        return;
      }
      const pending = { parts: partsOf(bytes), subscriber };
      this.queue.push(pending);
      this.drain();
      return () => this.cancel(pending);
    });
  }

  /** The port has not accepted anything for a long time: flow control holds it back. */
  get isStopped(): boolean {
    return this.busySince !== undefined && this.options.scheduler.now() - this.busySince >= STOPPED;
  }

  private get isBusy(): boolean {
    return this.busySince !== undefined;
  }

  /** What waits goes out. */
  release(): void {
    this.held = false;
    this.onHeld = undefined;
    this.drain();
  }

  /** Writes nothing from now on; calls `done` with the time at which the last byte leaves the port. */
  hold(done: (silentFrom: number) => void): void {
    this.held = true;
    this.onHeld = done;
    if (!this.isBusy) this.reportHeld();
  }

  /** Calls `done` when everything that was written is accepted, or has failed. */
  whenIdle(done: () => void): void {
    this.onIdle.push(done);
    this.drain();
  }

  /** Fails everything that was not accepted, and every later write. */
  end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.timer.unsubscribe();
    for (const { subscriber } of this.queue.splice(0)) subscriber.error(error);
    for (const done of this.onIdle.splice(0)) done();
  }

  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (!this.held && !this.isBusy && this.timer.closed && this.queue[0] !== undefined)
      this.send(this.queue[0]);
    this.draining = false;
    if (this.queue.length > 0 || this.isBusy) return;
    for (const done of this.onIdle.splice(0)) done();
  }

  private send(pending: Pending): void {
    const part = pending.parts.shift();
    if (part === undefined) {
      this.queue.shift();
      pending.subscriber.complete();
      return;
    }
    const { output, onWritten } = this.options;
    this.busySince = this.options.scheduler.now();
    onWritten(part);
    output.write(part).subscribe({
      error: (error: Error) => {
        this.busySince = undefined;
        this.end(error);
        this.reportHeld();
      },
      complete: () => this.accepted(part),
    });
  }

  private accepted(part: Uint8Array): void {
    const { output } = this.options;
    if (output.isFull && !this.held) {
      output.whenSent().subscribe(() => this.goOn());
      return;
    }
    if (isPlus(part)) this.setTimer(GUARD_TIME);
    this.goOn();
  }

  private goOn(): void {
    this.busySince = undefined;
    if (this.held) this.reportHeld();
    else this.drain();
  }

  private reportHeld(): void {
    const { onHeld } = this;
    if (onHeld === undefined) return;
    this.options.output.whenSent().subscribe((silentFrom) => {
      if (this.onHeld !== onHeld) return;
      this.onHeld = undefined;
      onHeld(silentFrom);
    });
  }

  private setTimer(delay: number): void {
    const timer = this.options.scheduler.schedule(() => {
      timer.unsubscribe();
      this.drain();
    }, delay);
    this.timer = timer;
  }

  private cancel(pending: Pending): void {
    const index = this.queue.indexOf(pending);
    if (index < 0) return;
    this.queue.splice(index, 1);
    this.drain();
  }
}

/** The chunks to send; plus signs that are all there is go one by one. */
function partsOf(bytes: Uint8Array): Uint8Array[] {
  if (arePluses(bytes)) return [...bytes].map((byte) => Uint8Array.of(byte));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = arePluses(bytes.subarray(at + CHUNK)) ? bytes.length : at + CHUNK;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** Whether bytes that stand alone could be an escape, or a part of one. */
function arePluses(bytes: Uint8Array): boolean {
  return bytes.length <= 3 && bytes.every((byte) => byte === PLUS);
}

function isPlus(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === PLUS;
}

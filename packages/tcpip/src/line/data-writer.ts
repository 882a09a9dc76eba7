import { joinChunks } from '@a7600/at-codec';
import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { GUARD_TIME } from '../base/guard-time.js';
import type { Output } from './output.js';

const PLUS = 0x2b;

interface Pending {
  readonly bytes: Uint8Array;
  /** How many of them were handed to the port. */
  written: number;
  readonly subscriber: Subscriber<never>;
}

/** What a {@link DataWriter} works with. */
export interface DataWriterOptions {
  readonly output: Pick<Output, 'write' | 'whenSent' | 'isFull' | 'chunk'>;
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
  /** Writes whose last bytes are in the part that the port is accepting. */
  private readonly handedOver: Pending[] = [];
  /** Writes that are accepted, and whose writers are not told yet. */
  private readonly accepted: Pending[] = [];
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
      const pending: Pending = { bytes, written: 0, subscriber };
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
    // All has failed with the end, though the port may never answer the write that it has.
    if (this.ended !== undefined) {
      done();
      return;
    }
    this.onIdle.push(done);
    this.drain();
  }

  /** Fails everything that was not accepted, and every later write. */
  end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.timer.unsubscribe();
    const failed = [this.accepted, this.handedOver, this.queue].flatMap((writes) => writes.splice(0));
    for (const { subscriber } of failed) subscriber.error(error);
    for (const done of this.onIdle.splice(0)) done();
  }

  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (!this.held && this.timer.closed) {
      // The next part goes first: the port works while the writers are told.
      if (!this.isBusy && this.queue.length > 0) this.send(this.gather());
      else if (this.accepted.length > 0) this.accepted.shift()?.subscriber.complete();
      else break;
    }
    this.draining = false;
    if (this.queue.length > 0 || this.accepted.length > 0 || this.isBusy) return;
    for (const done of this.onIdle.splice(0)) done();
  }

  /** What is written next: of one write, or of several, which cost one call then. Lone plus signs go one by one. */
  private gather(): Uint8Array {
    const parts: Uint8Array[] = [];
    let room = this.options.output.chunk;
    for (let first = this.queue[0]; first !== undefined && room > 0; first = this.queue[0]) {
      const { bytes, written } = first;
      const isLone = bytes.length > 0 && arePluses(bytes);
      if (isLone && parts.length > 0) break;
      const end = isLone ? written + 1 : endOfPart(bytes, written + room);
      first.written = end;
      parts.push(bytes.subarray(written, end));
      room -= end - written;
      if (end === bytes.length) {
        this.queue.shift();
        this.handedOver.push(first);
      }
      if (isLone) break;
    }
    return joinChunks(parts);
  }

  private send(part: Uint8Array): void {
    const { output, onWritten } = this.options;
    this.busySince = this.options.scheduler.now();
    if (part.length === 0) {
      this.goOn();
      return;
    }
    onWritten(part);
    output.write(part).subscribe({
      error: (error: Error) => {
        this.busySince = undefined;
        this.end(error);
        this.reportHeld();
      },
      complete: () => this.wasAccepted(part),
    });
  }

  private wasAccepted(part: Uint8Array): void {
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
    this.accepted.push(...this.handedOver.splice(0));
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

/** Where a part ends that would end at `end`: no plus signs are left over, which would stand alone. */
function endOfPart(bytes: Uint8Array, end: number): number {
  return arePluses(bytes.subarray(end)) ? bytes.length : Math.min(end, bytes.length);
}

/** Whether bytes that stand alone could be an escape, or a part of one. */
function arePluses(bytes: Uint8Array): boolean {
  return bytes.length <= 3 && bytes.every((byte) => byte === PLUS);
}

function isPlus(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === PLUS;
}

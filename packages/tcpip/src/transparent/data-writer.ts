import type { ByteLink } from '@a7600/transport';
import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';

/** Silence in ms that makes `+++` an escape (application note, 1.6); plus signs further apart are data. */
export const GUARD_TIME = 1_000;

const PLUS = 0x2b;

/** Bytes that are written at once, so that the port says how far it has come. */
const PIECE = 4_096;
/** Bytes that a port may still have to send when it has taken a piece. */
const PORT_BUFFER = 2 * PIECE;
/** Speed in bit/s of a line that does not tell its own; a byte takes ten bits. */
const USUAL_RATE = 115_200;

interface Pending {
  readonly parts: Uint8Array[];
  readonly subscriber: Subscriber<never>;
}

/**
 * Writes to the line in data mode, in order, and keeps what is written while the line is held.
 * Plus signs that stand alone go out one by one with a guard time between them, so that nobody's
 * data is an escape.
 */
export class DataWriter {
  private readonly link: Pick<ByteLink, 'write'> & { readonly baudRate?: number };
  private readonly scheduler: SchedulerLike;
  private readonly queue: Pending[] = [];
  private readonly onIdle: (() => void)[] = [];
  private held = true;
  private busy = false;
  private draining = false;
  /** From then on nothing is on the line. */
  private silentFrom: number;
  private timer = Subscription.EMPTY;
  private onQuiet: (() => void) | undefined;
  private ended: Error | undefined;

  /** Held at first. */
  constructor(link: DataWriter['link'], scheduler: SchedulerLike) {
    this.link = link;
    this.scheduler = scheduler;
    this.silentFrom = scheduler.now();
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
      return () => this.withdraw(pending);
    });
  }

  /** What waits goes out. */
  release(): void {
    this.held = false;
    this.onQuiet = undefined;
    this.timer.unsubscribe();
    this.drain();
  }

  /** Nothing is written from now on; calls `quiet` when nothing has been for the guard time. */
  hold(quiet: () => void): void {
    this.held = true;
    this.onQuiet = quiet;
    this.awaitQuiet();
  }

  /** Calls `done` when everything that was written is taken, or has failed. */
  whenIdle(done: () => void): void {
    this.onIdle.push(done);
    this.drain();
  }

  /** Fails everything that was not taken, and every later write. */
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
    while (!this.held && !this.busy && this.timer.closed && this.queue[0] !== undefined)
      this.send(this.queue[0]);
    this.draining = false;
    if (this.queue.length > 0 || this.busy) return;
    for (const done of this.onIdle.splice(0)) done();
  }

  private send(pending: Pending): void {
    const part = pending.parts.shift();
    if (part === undefined) {
      this.queue.shift();
      pending.subscriber.complete();
      return;
    }
    this.busy = true;
    this.link.write(part).subscribe({
      error: (error: Error) => this.end(error),
      complete: () => {
        this.busy = false;
        this.silentFrom = this.sentBy(part.length);
        if (this.held) this.awaitQuiet();
        else if (isPlus(part)) this.setTimer(GUARD_TIME, () => this.drain());
        this.drain();
      },
    });
  }

  private awaitQuiet(): void {
    const { onQuiet } = this;
    if (this.busy || onQuiet === undefined) return;
    this.setTimer(this.silentFrom + GUARD_TIME - this.scheduler.now(), onQuiet);
  }

  /** When the port has sent what it has taken, `count` bytes just now: a write that is taken is not sent. */
  private sentBy(count: number): number {
    const now = this.scheduler.now();
    const byteTime = 10_000 / (this.link.baudRate ?? USUAL_RATE);
    const waiting = Math.max(0, this.silentFrom - now) + count * byteTime;
    return now + Math.min(waiting, PORT_BUFFER * byteTime);
  }

  private setTimer(delay: number, work: () => void): void {
    this.timer.unsubscribe();
    const timer = this.scheduler.schedule(
      () => {
        timer.unsubscribe();
        work();
      },
      Math.max(0, delay),
    );
    this.timer = timer;
  }

  private withdraw(pending: Pending): void {
    const index = this.queue.indexOf(pending);
    if (index < 0) return;
    if (index === 0 && this.busy) pending.parts.length = 0;
    else this.queue.splice(index, 1);
    this.drain();
  }
}

/** The pieces to send; plus signs that are all there is go one by one. */
function partsOf(bytes: Uint8Array): Uint8Array[] {
  if (areSigns(bytes)) return [...bytes].map((byte) => Uint8Array.of(byte));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = areSigns(bytes.subarray(at + PIECE)) ? bytes.length : at + PIECE;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** Whether bytes that stand alone could be an escape, or a part of one. */
function areSigns(bytes: Uint8Array): boolean {
  return bytes.length <= 3 && bytes.every((byte) => byte === PLUS);
}

function isPlus(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === PLUS;
}

import type { Subscriber } from 'rxjs';
import type { TransportError } from '../errors.js';
import { joined, type QueuedWrite } from '../queued-write.js';
import type { Callback, SerialPortLike } from './serial-port-like.js';
import type { TtyWriter } from './tty-stream.js';

/** Bytes of a write that is not copied to be sent together with others. */
const LARGE = 16_384;
/**
 * Bytes from which on a batch is tried again in another thread. It costs less processor time than to stay awake, but more
 * time: what is written in smaller parts, each after the last, waits for that at the end of every part.
 */
const HUGE = 65_536;
/**
 * Times in ms: between two tries whether the kernel has room for more of a large batch, awake, with a turn of the event
 * loop; and from which on the stream sleeps until it has. A port that is fast has room again in less time than it takes to
 * fall asleep and to wake up, and takes more at once if it is not tried all the time. For one that is slow this is in vain
 * for two milliseconds, where the batch needs hundreds.
 */
const TRY_AGAIN = 0.02;
const TRY_FOR = 2;

interface Batch {
  readonly writes: readonly QueuedWrite[];
  readonly isHuge: boolean;
  /** When, in ms, the kernel is not tried any more. */
  readonly tryUntil: number;
  failure?: TransportError | undefined;
}

/**
 * Writes to a port: directly what the kernel takes at once, the rest through the tty stream, or else the
 * port, which wait for room. One batch is under way at a time; what is written meanwhile goes out together after it. So
 * does what is written while writers are told, and in a turn of the event loop after its first write; but not a large
 * write, from which there is nothing to be gained by waiting.
 */
export class PortWriter {
  /** Bytes that the kernel holds at the most: empty, it has taken that many and refused more. Undefined before that. */
  capacity: number | undefined;
  private readonly port: SerialPortLike;
  private readonly tty: TtyWriter | undefined;
  private readonly onLost: (error: Error) => TransportError;
  private readonly queue: QueuedWrite[] = [];
  private isUnderWay = false;
  private isGathering = false;
  /** Batches whose writers are to be told; a writer that is told may write what is accepted at once. */
  private readonly done: Batch[] = [];
  private isTelling = false;
  /** Writes that came so far, and that are accepted or have failed. */
  private given = 0;
  private settled = 0;
  private readonly waiting: { readonly given: number; readonly done: () => void }[] = [];
  /** Bytes that the kernel has taken since it was empty, while that is known. */
  private taken: number | undefined;

  constructor(port: SerialPortLike, tty: TtyWriter | undefined, onLost: (error: Error) => TransportError) {
    this.port = port;
    this.tty = tty;
    this.onLost = onLost;
  }

  send(bytes: Uint8Array, subscriber: Subscriber<never>): void {
    this.queue.push({ bytes, subscriber });
    this.given += 1;
    if (!this.isGathering || (bytes.length >= LARGE && this.queue.length === 1)) this.next();
  }

  /** Calls `done` once everything that was written before has left the port, or with an error. */
  drain(done: Callback): void {
    this.whenWritten(() => {
      const { given } = this;
      this.port.drain((error) => {
        if (!error && this.settled === given && this.given === given) this.taken = 0;
        done(error);
      });
    });
  }

  /** Calls `done` once everything that was written before is accepted, or has failed. */
  whenWritten(done: () => void): void {
    if (this.settled === this.given) done();
    else this.waiting.push({ given: this.given, done });
  }

  private next(): void {
    if (this.isUnderWay || this.queue.length === 0) return;
    const writes = this.nextWrites();
    const bytes = joined(writes);
    this.isUnderWay = true;
    const tryUntil = performance.now() + (bytes.length < LARGE ? 0 : TRY_FOR);
    this.handOver({ writes, tryUntil, isHuge: bytes.length >= HUGE }, bytes);
  }

  /** Small writes together, so that they cost one call; a large one alone, as copying would cost more. */
  private nextWrites(): QueuedWrite[] {
    const large = this.queue.findIndex(({ bytes }) => bytes.length >= LARGE);
    return this.queue.splice(0, large < 0 ? this.queue.length : Math.max(1, large));
  }

  private handOver(batch: Batch, bytes: Uint8Array): void {
    this.took(batch, bytes, this.tty?.writeNow(bytes));
  }

  /** The kernel has taken `sent` of the bytes; undefined if it was not asked, or has failed. */
  private took(batch: Batch, bytes: Uint8Array, sent: number | undefined): void {
    const { tty, port } = this;
    this.count(sent, bytes.length);
    if (sent === bytes.length) {
      this.settle(batch);
      return;
    }
    const rest = bytes.subarray(sent);
    const now = performance.now();
    if (tty !== undefined && sent !== undefined && now < batch.tryUntil) {
      if (batch.isHuge) tty.writeBeside(rest, (more) => this.took(batch, rest, more));
      else turnUntil(now + TRY_AGAIN, () => this.handOver(batch, rest));
      return;
    }
    (tty ?? port).write(rest, (error) => {
      if (error) batch.failure = this.onLost(error);
      this.settle(batch);
    });
  }

  private count(sent: number | undefined, offered: number): void {
    if (this.taken === undefined) return;
    const taken = sent === undefined ? undefined : this.taken + sent;
    const isRefused = taken !== undefined && sent !== offered;
    if (isRefused) this.capacity = Math.min(taken, this.capacity ?? taken);
    this.taken = isRefused ? undefined : taken;
  }

  private settle(batch: Batch): void {
    this.isUnderWay = false;
    this.settled += batch.writes.length;
    this.gather();
    this.done.push(batch);
    if (this.isTelling) return;
    this.isTelling = true;
    for (let next = this.done.shift(); next !== undefined; next = this.done.shift()) tell(next);
    this.isTelling = false;
    while (this.waiting[0] !== undefined && this.waiting[0].given <= this.settled)
      this.waiting.shift()?.done();
  }

  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    queueMicrotask(() => {
      this.isGathering = false;
      this.next();
    });
  }
}

function tell({ writes, failure }: Batch): void {
  for (const { subscriber } of writes) {
    if (failure === undefined) subscriber.complete();
    else subscriber.error(failure);
  }
}

/** Lets the event loop turn once, and calls `done` at `time`: a loop that turned all the while would only make garbage. */
function turnUntil(time: number, done: () => void): void {
  setImmediate(() => {
    while (performance.now() < time);
    done();
  });
}

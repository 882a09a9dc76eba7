import type { Subscriber } from 'rxjs';
import { joined, type QueuedWrite } from '../queued-write.js';

/** Bytes that go out together at the most. What is larger goes alone, as to copy it would cost more. */
const TOGETHER = 16_384;

/**
 * Writes to a web stream, to which a write costs several microseconds, however short it is. One is under way at a time; what
 * comes meanwhile goes out together after it.
 */
export class StreamWriter {
  private readonly write: (bytes: Uint8Array) => Promise<void>;
  private readonly onLost: (cause: unknown) => Error;
  private readonly queue: QueuedWrite[] = [];
  private underWay: readonly QueuedWrite[] = [];
  private readonly waiting: (() => void)[] = [];
  private ended: Error | undefined;

  private readonly accepted = () => {
    if (this.ended !== undefined) return;
    const writes = this.underWay;
    // Before the writers are told: what these write goes out together.
    this.next();
    for (const { subscriber } of writes) subscriber.complete();
  };

  private readonly failed = (cause: unknown) => {
    if (this.ended === undefined) this.end(this.onLost(cause));
  };

  /**
   * @param write hands bytes to the stream
   * @param onLost called when the stream has failed; returns the error of the writes that it fails
   */
  constructor(write: (bytes: Uint8Array) => Promise<void>, onLost: (cause: unknown) => Error) {
    this.write = write;
    this.onLost = onLost;
  }

  /** Resolves when all that was written has been accepted, or has failed. */
  settled(): Promise<void> {
    if (this.underWay.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(bytes: Uint8Array, subscriber: Subscriber<never>): void {
    if (this.ended !== undefined) {
      subscriber.error(this.ended);
      return;
    }
    this.queue.push({ bytes, subscriber });
    if (this.underWay.length === 0) this.next();
  }

  /** Fails what is not accepted yet, as the stream may never say what became of it, and what is written from now on. */
  end(error: Error): void {
    this.ended ??= error;
    const failed = [...this.underWay, ...this.queue.splice(0)];
    this.next();
    for (const { subscriber } of failed) subscriber.error(error);
  }

  private next(): void {
    const writes = this.nextWrites();
    this.underWay = writes;
    if (writes.length === 0) {
      for (const resolve of this.waiting.splice(0)) resolve();
      return;
    }
    try {
      this.write(joined(writes)).then(this.accepted, this.failed);
    } catch (cause) {
      this.failed(cause);
    }
  }

  /** Without those that their subscribers have left. */
  private nextWrites(): QueuedWrite[] {
    const writes: QueuedWrite[] = [];
    let bytes = 0;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      if (!next.subscriber.closed) {
        bytes += next.bytes.length;
        if (bytes > TOGETHER && writes.length > 0) break;
        writes.push(next);
      }
      this.queue.shift();
    }
    return writes;
  }
}

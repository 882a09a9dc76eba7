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
  private isUnderWay = false;
  private readonly waiting: (() => void)[] = [];

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
    if (!this.isUnderWay) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(bytes: Uint8Array, subscriber: Subscriber<never>): void {
    this.queue.push({ bytes, subscriber });
    if (!this.isUnderWay) this.next();
  }

  private next(): void {
    const writes = this.nextWrites();
    this.isUnderWay = writes.length > 0;
    if (!this.isUnderWay) {
      for (const resolve of this.waiting.splice(0)) resolve();
      return;
    }
    this.write(joined(writes)).then(
      () => {
        // Before the writers are told: what these write goes out together.
        this.next();
        for (const { subscriber } of writes) subscriber.complete();
      },
      (cause: unknown) => {
        const error = this.onLost(cause);
        const failed = [...writes, ...this.queue.splice(0)];
        this.next();
        for (const { subscriber } of failed) subscriber.error(error);
      },
    );
  }

  private nextWrites(): QueuedWrite[] {
    let bytes = 0;
    const tooMuch = this.queue.findIndex((write) => {
      bytes += write.bytes.length;
      return bytes > TOGETHER;
    });
    return this.queue.splice(0, tooMuch < 0 ? this.queue.length : Math.max(1, tooMuch));
  }
}

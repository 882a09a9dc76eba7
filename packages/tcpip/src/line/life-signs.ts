import { type SchedulerLike, Subscription } from 'rxjs';
import { tailOf } from './bytes.js';
import { latin1Text } from './markers.js';
import { hasWordsOfPeer } from './words-of-peer.js';

/** How much of what was written and received is compared. */
const WRITTEN = 4_096;
const RECEIVED = 1_024;

/**
 * Watches data mode for signs that the module is in it. Received bytes are one, unless a module in
 * command mode may have sent them: our own payload, echoed, and the module's own lines.
 */
export class LifeSigns {
  private readonly scheduler: SchedulerLike;
  private readonly interval: number | undefined;
  private readonly onSilent: () => void;
  private readonly canAsk: () => boolean;
  private written: Uint8Array = new Uint8Array(0);
  private received: Uint8Array = new Uint8Array(0);
  private receivedAt = Number.NEGATIVE_INFINITY;
  private timer = Subscription.EMPTY;

  /**
   * Calls `onSilent` after `interval` ms without a sign, once `canAsk` says that the module could be asked;
   * never if `interval` is undefined.
   */
  constructor(
    scheduler: SchedulerLike,
    interval: number | undefined,
    onSilent: () => void,
    canAsk: () => boolean,
  ) {
    this.scheduler = scheduler;
    this.interval = interval;
    this.onSilent = onSilent;
    this.canAsk = canAsk;
  }

  /** Data mode begins. */
  start(): void {
    this.received = new Uint8Array(0);
    if (this.interval !== undefined) this.wait(this.interval);
  }

  /** Data mode ends, or is being left. */
  stop(): void {
    this.timer.unsubscribe();
  }

  wrote(bytes: Uint8Array): void {
    const { written } = this;
    // In place where it can be: to make an array for each part takes a twentieth of the time that a fast port needs.
    if (written.length === WRITTEN && bytes.length >= WRITTEN) written.set(bytes.subarray(-WRITTEN));
    else this.written = tailOf(written, bytes, WRITTEN);
  }

  heard(bytes: Uint8Array): void {
    this.received = tailOf(this.received, bytes, RECEIVED);
    this.receivedAt = this.scheduler.now();
  }

  /** Whether these bytes were written not long ago. */
  isOurs(bytes: Uint8Array): boolean {
    return latin1Text(this.written).includes(latin1Text(bytes));
  }

  /** Looks again in `delay` ms. */
  private wait(interval: number, delay = interval): void {
    const startedAt = this.scheduler.now();
    this.timer.unsubscribe();
    this.timer = this.scheduler.schedule(() => {
      if (!this.confirmed()) {
        // A module that holds the line back, because its peer does not read, cannot be asked.
        if (this.canAsk()) this.onSilent();
        else this.wait(interval);
        return;
      }
      const heardAt = Math.max(startedAt, this.receivedAt);
      this.received = new Uint8Array(0);
      this.wait(interval, Math.max(1, heardAt + interval - this.scheduler.now()));
    }, delay);
  }

  /** Whether something came since the last look that only the peer can have sent. */
  private confirmed(): boolean {
    return hasWordsOfPeer(this.received, this.received.length < RECEIVED, latin1Text(this.written));
  }
}

import { type SchedulerLike, Subscription } from 'rxjs';

/** Settings of a {@link Wire}. */
export interface WireOptions {
  readonly scheduler: SchedulerLike;
  /** Time in ms that a byte takes. */
  readonly byteTime: number;
  /** Bytes after which what has come through is delivered; the end of a unit always is. */
  readonly chunk: number;
  /** Takes what has come through. */
  readonly deliver: (bytes: Uint8Array) => void;
  /**
   * Whether the receiver has not read what was delivered. A late clock then counts from now on:
   * the receiver, whose timers are late too, gets the time that it would have had.
   */
  readonly isBehind?: () => boolean;
  /** Called when nothing is on the wire any more. */
  readonly onIdle?: () => void;
}

/** Bytes by which the rounding of times may make the count too small, at that time in ms. */
const rounding = (now: number, byteTime: number) => 1e-6 + (2 * now * Number.EPSILON) / byteTime;

/**
 * One direction of a serial line: bytes come out as fast as the line carries them, in order.
 *
 * What is sent in one call is a unit; its last byte is delivered at the very time at which it has
 * come through, the others in chunks on the way. On a clock that is late, what is due comes chunk
 * by chunk, as long as the receiver reads it and flow control allows it.
 */
export class Wire {
  private readonly options: WireOptions;
  private readonly units: Uint8Array[] = [];
  /** Bytes of the first unit that have come through. */
  private done = 0;
  /** When the line became busy, and how many bytes have come through since. */
  private since = 0;
  private through = 0;
  private byteTime: number;
  private nextByteTime: number;
  private timer = Subscription.EMPTY;
  private held = false;
  private settling = false;
  /** Counts the times that the line became busy. */
  private bursts = 0;
  private size = 0;

  constructor(options: WireOptions) {
    this.options = options;
    this.byteTime = options.byteTime;
    this.nextByteTime = options.byteTime;
  }

  /** Bytes that have not come through. */
  get backlog(): number {
    return this.size;
  }

  send(unit: Uint8Array): void {
    if (unit.length === 0) return;
    const idle = this.units.length === 0;
    this.units.push(unit);
    this.size += unit.length;
    if (idle) this.start();
  }

  /** Changes the speed, after all that was sent before. */
  setByteTime(time: number): void {
    this.nextByteTime = time;
    if (this.units.length === 0) this.byteTime = time;
  }

  /** Stops after the byte that is under way (flow control). */
  hold(): void {
    if (this.held) return;
    if (!this.settling) this.settle();
    this.held = true;
    this.timer.unsubscribe();
  }

  /** Goes on after {@link hold}. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    this.start();
  }

  /** Drops what has not come through. */
  clear(): void {
    this.timer.unsubscribe();
    this.units.length = 0;
    this.done = 0;
    this.size = 0;
  }

  private start(): void {
    if (this.held || this.units.length === 0) return;
    this.bursts += 1;
    this.since = this.options.scheduler.now();
    this.through = 0;
    this.plan();
  }

  /** Waits for the next delivery. */
  private plan(): void {
    const [unit] = this.units;
    this.timer.unsubscribe();
    if (this.held || unit === undefined) return;
    const next = Math.min(this.options.chunk, unit.length - this.done);
    const at = this.since + (this.through + next) * this.byteTime;
    const delay = Math.max(0, at - this.options.scheduler.now());
    this.timer = this.options.scheduler.schedule(() => {
      this.settle();
      this.plan();
    }, delay);
  }

  /** Delivers what has come through by now. */
  private settle(): void {
    if (this.held || this.units.length === 0) return;
    const { bursts } = this;
    const now = this.options.scheduler.now();
    const carried = (now - this.since) / this.byteTime + rounding(now, this.byteTime);
    let due = Math.floor(carried) - this.through;
    this.settling = true;
    while (due > 0 && !this.held && bursts === this.bursts) {
      const [unit] = this.units;
      if (unit === undefined) break;
      const part = unit.subarray(this.done, this.done + Math.min(due, this.options.chunk));
      due -= part.length;
      this.pass(unit, part);
      if (due > 0 && bursts === this.bursts && this.options.isBehind?.() === true) {
        this.since = this.options.scheduler.now();
        this.through = 0;
        break;
      }
    }
    this.settling = false;
  }

  private pass(unit: Uint8Array, part: Uint8Array): void {
    this.done += part.length;
    this.through += part.length;
    this.size -= part.length;
    if (this.done === unit.length) {
      this.units.shift();
      this.done = 0;
    }
    const idle = this.units.length === 0;
    if (idle) this.byteTime = this.nextByteTime;
    this.options.deliver(part);
    if (idle && this.units.length === 0) this.options.onIdle?.();
  }
}

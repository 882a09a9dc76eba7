import { joinBytes } from '../at/printer.js';
import type { Clock } from '../clock.js';
import type { Faults } from './faults.js';

/** Splits and joins the chunks that the host gets, without losing any or changing their order. */
export class Shaper {
  private readonly clock: Clock;
  private readonly faults: Faults;
  private readonly deliver: (bytes: Uint8Array) => void;
  private readonly onReleased: () => void;
  private readonly kept: Uint8Array[] = [];
  private size = 0;
  private waiting = false;

  /** Calls `onReleased` when something that was kept back has been delivered. */
  constructor(clock: Clock, faults: Faults, deliver: (bytes: Uint8Array) => void, onReleased: () => void) {
    this.clock = clock;
    this.faults = faults;
    this.deliver = deliver;
    this.onReleased = onReleased;
  }

  /** Bytes that are kept back. */
  get held(): number {
    return this.size;
  }

  pass(bytes: Uint8Array): void {
    if (this.waiting || this.faults.fires('join')) this.keep(bytes);
    else this.release(bytes);
  }

  private release(bytes: Uint8Array): void {
    if (bytes.length < 2 || !this.faults.fires('split')) {
      this.deliver(bytes);
      return;
    }
    const at = this.faults.choose(1, bytes.length - 1);
    this.keep(bytes.subarray(at));
    this.deliver(bytes.subarray(0, at));
  }

  private keep(bytes: Uint8Array): void {
    this.kept.push(bytes);
    this.size += bytes.length;
    if (this.waiting) return;
    this.waiting = true;
    this.clock.later(this.faults.pause(), () => {
      const whole = joinBytes(this.kept);
      this.kept.length = 0;
      this.size = 0;
      this.waiting = false;
      this.release(whole);
      this.onReleased();
    });
  }
}

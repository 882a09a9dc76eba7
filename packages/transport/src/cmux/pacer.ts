import { type SchedulerLike, Subscription } from 'rxjs';
import type { ByteLink } from '../byte-link.js';

/** Bits of a byte on a serial line: 8N1. */
const BITS = 10;

/** What a {@link Pacer} works with. */
export interface PacerOptions {
  readonly port: ByteLink & { readonly baudRate?: number };
  readonly scheduler: SchedulerLike;
  /** Frames that may be unsent. */
  readonly limit: number;
  /** Called when there is room again, after there was none. */
  readonly onRoom: () => void;
}

/** Knows from the rate of the port how many frames have not left it. A port without a rate always has room. */
export class Pacer {
  private readonly options: PacerOptions;
  /** When the last byte of each unsent frame leaves the port. */
  private readonly times: number[] = [];
  private timer = Subscription.EMPTY;

  constructor(options: PacerOptions) {
    this.options = options;
  }

  /** Whether another frame may be given to the port; if not, `onRoom` is called once it may. */
  get hasRoom(): boolean {
    const { scheduler, limit, onRoom } = this.options;
    const now = scheduler.now();
    while (this.times[0] !== undefined && this.times[0] <= now) this.times.shift();
    const [next] = this.times;
    if (next === undefined || this.times.length < limit) return true;
    if (this.timer.closed) {
      this.timer = scheduler.schedule(() => {
        this.timer.unsubscribe();
        onRoom();
      }, next - now);
    }
    return false;
  }

  /** A frame of that many bytes is given to the port. */
  sent(bytes: number): void {
    const { port, scheduler } = this.options;
    const { baudRate = 0 } = port;
    if (baudRate <= 0) return;
    const from = Math.max(scheduler.now(), this.times.at(-1) ?? 0);
    this.times.push(from + (bytes * BITS * 1_000) / baudRate);
  }

  stop(): void {
    this.timer.unsubscribe();
  }
}

import type { Port } from '../at/port.js';
import type { Line } from '../line/line.js';

/** Bytes in a channel's port at which the host is asked to stop; it may go on at half of that. */
const STOP_LEVEL = 2_048;
/** Bytes that a channel's port keeps at the most; what a host sends beyond is lost. */
const CAPACITY = 16_384;

/** What a {@link VirtualLine} works with. */
export interface VirtualLineOptions {
  readonly port: Port;
  /** Called when there is something to send. */
  waiting(): void;
  /** Called when the host is to stop sending, and when it may go on. */
  stopping(): void;
}

/** The line of a virtual port: what the module prints waits here until it goes out in frames. */
export class VirtualLine implements Line {
  private readonly options: VirtualLineOptions;
  private readonly units: Uint8Array[] = [];
  private readonly unwatch: () => void;
  private size = 0;
  private isFull = false;

  constructor(options: VirtualLineOptions) {
    this.options = options;
    const { input } = options.port;
    input.capacity = CAPACITY;
    this.unwatch = input.watch(() => {
      const full = input.length >= (this.isFull ? STOP_LEVEL / 2 : STOP_LEVEL);
      if (full === this.isFull) return;
      this.isFull = full;
      options.stopping();
    });
  }

  /** Whether the host is to stop sending. */
  get stops(): boolean {
    return this.isFull;
  }

  get backlog(): number {
    return this.size;
  }

  send(unit: Uint8Array): void {
    if (unit.length === 0) return;
    this.units.push(unit);
    this.size += unit.length;
    this.options.waiting();
  }

  /** Takes up to `count` bytes out. */
  take(count: number): Uint8Array {
    const taken = new Uint8Array(Math.min(count, this.size));
    for (let at = 0; at < taken.length; ) {
      const [unit = taken] = this.units;
      const part = unit.subarray(0, taken.length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === unit.length) this.units.shift();
      else this.units[0] = unit.subarray(part.length);
    }
    this.size -= taken.length;
    return taken;
  }

  /** A channel has the speed and the frame of the line below. */
  configure(): void {}

  disconnect(): void {
    this.unwatch();
    this.units.length = 0;
    this.size = 0;
  }
}

import type { Clock } from './clock.js';
import type { Settings } from './settings.js';

/** Time in ms without a byte after which `AT+CSCLK=2` lets the module sleep (protocol 8). */
const SLEEP_AFTER = 10_000;

/** `AT+CSCLK`: a sleeping module hears that something comes, but not what (protocol 8). */
export class Sleep {
  private readonly clock: Clock;
  private readonly settings: Pick<Settings, 'sleep'>;
  private lastByte = 0;

  constructor(clock: Clock, settings: Pick<Settings, 'sleep'>) {
    this.clock = clock;
    this.settings = settings;
  }

  /** Called for each arrival of bytes; returns whether the module was awake to read them. */
  wakes(dtr: boolean): boolean {
    const now = this.clock.now();
    const idle = now - this.lastByte >= SLEEP_AFTER;
    this.lastByte = now;
    const { sleep } = this.settings;
    return !((sleep === 1 && !dtr) || (sleep === 2 && idle));
  }
}

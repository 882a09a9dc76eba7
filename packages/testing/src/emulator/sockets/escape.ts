import { Alarm, type Clock } from '../clock.js';

/** The times of the escape sequence, in ms. */
export interface EscapeTimes {
  /** Silence before and after it. */
  readonly guardTime: number;
  /** Longest time between its plus signs. */
  readonly plusTime: number;
}

const PLUS = 0x2b;
const LENGTH = 3;

/**
 * Finds `+++` between two silences in what the host sends in data mode. Plus signs that may be part
 * of it are kept back until that is known; those that turn out to be data are handed on.
 */
export class Escape {
  private readonly clock: Clock;
  private readonly times: EscapeTimes;
  private readonly onData: (bytes: Uint8Array) => void;
  private readonly onEscape: () => void;
  private readonly alarm: Alarm;
  private pluses = 0;
  private last = 0;

  constructor(clock: Clock, times: EscapeTimes, onData: (bytes: Uint8Array) => void, onEscape: () => void) {
    this.clock = clock;
    this.times = times;
    this.onData = onData;
    this.onEscape = onEscape;
    this.alarm = new Alarm(clock);
  }

  /** Data mode begins. */
  start(): void {
    this.stop();
    this.last = this.clock.now();
  }

  /** Data mode has ended. */
  stop(): void {
    this.alarm.cancel();
    this.pluses = 0;
  }

  /** Bytes from the host, as they come. */
  feed(bytes: Uint8Array): void {
    const now = this.clock.now();
    const silent = this.pluses > 0 || now - this.last >= this.times.guardTime;
    this.last = now;
    if (silent && this.pluses + bytes.length <= LENGTH && bytes.every((byte) => byte === PLUS)) {
      this.pluses += bytes.length;
      if (this.pluses < LENGTH) this.alarm.set(this.times.plusTime + 1, () => this.giveUp());
      else this.alarm.set(this.times.guardTime, () => this.escape());
      return;
    }
    this.giveUp();
    this.onData(bytes);
  }

  /** The plus signs were data. */
  private giveUp(): void {
    const { pluses } = this;
    this.stop();
    if (pluses > 0) this.onData(new Uint8Array(pluses).fill(PLUS));
  }

  private escape(): void {
    this.stop();
    this.onEscape();
  }
}

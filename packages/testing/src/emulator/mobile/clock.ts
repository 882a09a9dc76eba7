import { timeText, type ZonedTime } from '../../networks/mobile/tpdu/time-stamp.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';

/** 1980-01-06, at which a clock starts that was never set. */
const UNSET = 315_964_800_000;

/** The module's real-time clock, which goes on while the module is off. */
export class RealTimeClock {
  private readonly module: Module;
  /** Between the scheduler's time and its own. */
  private offset: number;
  private zone = 0;

  constructor(module: Module) {
    this.module = module;
    this.offset = UNSET - module.clock.now();
  }

  now(): ZonedTime {
    return { ms: this.module.clock.now() + this.offset, zone: this.zone };
  }

  set({ ms, zone }: ZonedTime): void {
    this.offset = ms - this.module.clock.now();
    this.zone = zone;
  }

  /**
   * The network tells its time: `AT+CTZU` sets the clock, `AT+CTZR` reports a zone that is not the
   * clock's (AT command manual, 4.2.12 and 4.2.13).
   */
  heardNetwork(): void {
    const { mobile, stored, settings, report } = this.module;
    const { zone } = mobile;
    const universal = timeText({ ms: mobile.now(), zone: 0 }).slice(0, -3);
    if (settings.timeReports === 1 && zone !== this.zone) report(`+CTZV: ${zoneText(zone)},${universal}`);
    if (stored.timeUpdates === 1) this.set({ ms: mobile.now(), zone });
  }
}

/** `+32`, `-04`. */
function zoneText(zone: number): string {
  return `${zone < 0 ? '-' : '+'}${String(Math.abs(zone)).padStart(2, '0')}`;
}

export const realTimeClockOf = perModule((module) => new RealTimeClock(module));

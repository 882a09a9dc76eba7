import { Alarm, type Clock } from '../clock.js';
import type { Settings } from '../settings.js';
import type { Surroundings } from './surroundings.js';

/** Time in ms between the reports of `AT+AUTOCSQ=1,0` (protocol 4.2). */
const PERIOD = 5_000;

/** What {@link SignalReports} need of the module. */
export interface SignalContext {
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'signalReports' | 'signalStep'>;
  readonly surroundings: Pick<Surroundings, 'rssi'>;
  report(text: string): void;
}

/** Reports of the signal, as `AT+AUTOCSQ` and `AT+CSQDELTA` ask for them. */
export class SignalReports {
  private readonly context: SignalContext;
  private readonly timer: Alarm;
  /** The signal as it was reported last, or when reports were asked for. */
  private reported = 0;

  constructor(context: SignalContext) {
    this.context = context;
    this.timer = new Alarm(context.clock);
  }

  /** How the signal is reported has changed. */
  begin(): void {
    this.timer.cancel();
    this.reported = this.context.surroundings.rssi;
    if (this.context.settings.signalReports !== 'timed') return;
    this.timer.set(PERIOD, () => {
      this.print();
      this.begin();
    });
  }

  /** The signal has changed. */
  changed(): void {
    const { settings, surroundings } = this.context;
    const step = Math.abs(surroundings.rssi - this.reported);
    if (settings.signalReports === 'changes' && step >= settings.signalStep) this.print();
  }

  cancel(): void {
    this.timer.cancel();
  }

  private print(): void {
    const { report, surroundings } = this.context;
    this.reported = surroundings.rssi;
    report(`+CSQ: ${surroundings.rssi},0`);
  }
}

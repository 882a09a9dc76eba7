import { Alarm } from '../clock.js';
import type { Module } from '../module.js';

/** `<stat>` with which data can be used: home, roaming, and what data-only units have. */
const SERVING = [1, 5, 6, 7, 11];
const SEARCHING = 2;

/** Time in ms between the reports of `AT+AUTOCSQ=1,0` (protocol 4.2). */
const SIGNAL_PERIOD = 5_000;

/** Where the module is, in hexadecimal as `AT+CREG=2` shows it. */
export const CELL = { area: '230A', cell: '0A75E4B3' };

/** The radio: is it on, is it registered, does it have a bearer. */
export class Radio {
  /** `AT+CFUN`: 1 is on, 0 and 4 are off, 7 is off until a restart. */
  functionality = 1;
  /** `AT+CGATT`. */
  attached = true;
  private readonly module: Module;
  /** The registration as it was reported last. */
  private known = 0;
  /** A network was found since the radio came on. */
  private found = false;
  private readonly searching: Alarm;
  private readonly fading: Alarm;
  private readonly bearerDown: Alarm;
  private readonly signal: Alarm;

  constructor(module: Module) {
    this.module = module;
    this.searching = new Alarm(module.clock);
    this.fading = new Alarm(module.clock);
    this.bearerDown = new Alarm(module.clock);
    this.signal = new Alarm(module.clock);
  }

  /** `<stat>` of `AT+CREG?` and its like. */
  get registration(): number {
    return this.known;
  }

  get on(): boolean {
    return this.functionality === 1;
  }

  /** Whether there is a way into the packet network. */
  get bearer(): boolean {
    const offered = this.module.surroundings.bearer && !this.bearerDown.running;
    return offered && this.attached && SERVING.includes(this.known);
  }

  /** A start, or the end of one: nothing is known. */
  reset(): void {
    for (const alarm of [this.searching, this.fading, this.bearerDown, this.signal]) alarm.cancel();
    this.functionality = 1;
    this.attached = true;
    this.found = false;
    this.known = 0;
  }

  /** Registered without searching, as a module is that has been running for long. */
  settle(): void {
    this.found = true;
    this.update();
  }

  /** `AT+CFUN`. */
  setFunctionality(value: number): void {
    this.functionality = value;
    this.update();
    if (!this.on) this.module.sockets.lose();
  }

  /** `AT+CGATT`. */
  setAttached(attached: boolean): void {
    this.attached = attached;
    if (!attached) this.module.sockets.lose();
  }

  /** Looks at SIM, radio and surroundings again, and reports what has changed. */
  update(): void {
    const { module } = this;
    if (module.power !== 'on' || !module.sim.ready || !this.on) {
      this.searching.cancel();
      this.found = false;
      this.change(0);
      return;
    }
    if (!this.found && !this.searching.running) this.search(module.timing.registration);
    this.change(this.current());
  }

  /** The registration goes away for that many ms. */
  fade(duration: number): void {
    this.fading.set(duration, () => this.update());
    this.update();
  }

  /** The bearer goes away, and can be had again after that many ms. */
  loseBearer(duration: number): void {
    const { module } = this;
    if (duration > 0) this.bearerDown.set(duration, () => module.report('+CGEV: EPS PDN ACT 1'));
    module.report('+CGEV: NW PDN DEACT 1');
    module.sockets.lose();
  }

  /** How the signal is reported has changed. */
  reportSignal(): void {
    this.signal.cancel();
    if (this.module.settings.signalReports !== 'timed') return;
    this.signal.set(SIGNAL_PERIOD, () => {
      this.printSignal();
      this.reportSignal();
    });
  }

  /** The signal has changed. */
  signalChanged(): void {
    if (this.module.settings.signalReports === 'changes') this.printSignal();
  }

  /** What stands behind `<stat>` in a report or an answer, where a cell is known and asked for. */
  location(reports: number): string {
    return reports === 2 && SERVING.includes(this.known) ? `,"${CELL.area}","${CELL.cell}"` : '';
  }

  private search(duration: number): void {
    if (duration > 0) this.searching.set(duration, () => this.settle());
    else this.found = true;
  }

  private current(): number {
    return this.found && !this.fading.running ? this.module.surroundings.registration : SEARCHING;
  }

  private change(registration: number): void {
    if (registration === this.known) return;
    this.known = registration;
    for (const [command, reports] of Object.entries(this.module.settings.registrationReports)) {
      if (reports > 0) this.module.report(`${command}: ${registration}${this.location(reports)}`);
    }
  }

  private printSignal(): void {
    this.module.report(`+CSQ: ${this.module.surroundings.rssi},0`);
  }
}

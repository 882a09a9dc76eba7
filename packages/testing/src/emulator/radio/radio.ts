import { Alarm, type Clock } from '../clock.js';
import { NO_CREDENTIALS, type Settings, type Stored } from '../settings.js';
import type { Timing } from '../timing.js';
import { SignalReports } from './signal-reports.js';
import type { Sim } from './sim.js';
import type { Surroundings } from './surroundings.js';

/** `<stat>` with which data can be used: home, roaming, and what data-only units have. */
const SERVING = [1, 5, 6, 7, 11];
const SEARCHING = 2;

/** `<mode>` of `AT+COPS` that deregisters. */
const DEREGISTERED = 2;

/** The default bearer of LTE, which is up as long as the module is attached. */
const DEFAULT_CONTEXT = 1;

/** Where the module is, in hexadecimal as `AT+CREG=2` shows it. */
export const CELL = { area: '230A', cell: '0A75E4B3' };

/** What a {@link Radio} needs of the module. */
export interface RadioContext {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly settings: Settings;
  readonly stored: Pick<Stored, 'credentials'>;
  readonly surroundings: Surroundings;
  readonly sim: Sim;
  poweredOn(): boolean;
  report(text: string): void;
  /** Called when whatever used the bearer has lost it. */
  bearerLost(): void;
}

/** The radio: is it on, is it registered, does it have a bearer. */
export class Radio {
  /** `AT+CFUN`: 1 is on, 0 and 4 are off, 7 is off until a restart. */
  functionality = 1;
  /** `AT+CGATT`. */
  attached = true;
  /** `<mode>` of `AT+COPS?`: 0 automatic, 1 manual, 2 deregistered. */
  operatorMode = 0;
  /** The PDP contexts that `AT+CGACT` has switched, and how; the first one is on unless switched off. */
  private readonly switched = new Map<number, boolean>();
  private readonly context: RadioContext;
  /** The registration as it was reported last. */
  private known = 0;
  /** A network was found since the radio came on. */
  private found = false;
  private readonly listeners = new Set<() => void>();
  private readonly losses = new Set<() => void>();
  /** `AT+CNMP` lets it use LTE, the only network there is. */
  private allowed = true;
  private readonly searching: Alarm;
  private readonly fading: Alarm;
  private readonly bearerDown: Alarm;
  /** Reports of the signal. */
  readonly signal: SignalReports;

  constructor(context: RadioContext) {
    this.context = context;
    this.searching = new Alarm(context.clock);
    this.fading = new Alarm(context.clock);
    this.bearerDown = new Alarm(context.clock);
    this.signal = new SignalReports(context);
  }

  /** Calls `listener` at each change of the registration; returns what ends that. */
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener` when whatever used the bearer has lost it; returns what ends that. */
  watchLoss(listener: () => void): () => void {
    this.losses.add(listener);
    return () => this.losses.delete(listener);
  }

  /** Whether it is registered so that the network reaches it. */
  get serving(): boolean {
    return SERVING.includes(this.known);
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
    const offered = this.context.surroundings.bearer && !this.bearerDown.running && this.mayEnter;
    return offered && this.attached && this.isSwitchedOn(DEFAULT_CONTEXT) && this.serving;
  }

  /** The network knows the default context by the name and password of `AT+CGAUTH`, or asks for none. */
  private get mayEnter(): boolean {
    const { stored, surroundings } = this.context;
    const { access } = surroundings;
    if (access === undefined) return true;
    const { type, user, password } = stored.credentials.get(DEFAULT_CONTEXT) ?? NO_CREDENTIALS;
    return type > 0 && user === access.user && password === access.password;
  }

  /** Lets it use LTE, or keeps it from it, over restarts. */
  allow(lte: boolean): void {
    this.allowed = lte;
    if (!lte) this.loseUsers();
    this.update();
  }

  /** `AT+COPS` with a mode. */
  chooseOperator(mode: number): void {
    this.operatorMode = mode;
    if (mode === DEREGISTERED) this.loseUsers();
    this.update();
  }

  /** Whether a PDP context is active. */
  isActive(cid: number): boolean {
    return this.bearer && this.isSwitchedOn(cid);
  }

  /** `AT+CGACT`. */
  switchContext(cid: number, on: boolean): void {
    const wasOn = this.isActive(cid);
    this.switched.set(cid, on);
    if (cid !== DEFAULT_CONTEXT || on || !wasOn) return;
    this.context.report(`+CGEV: ME PDN DEACT ${cid}`);
    this.loseUsers();
  }

  private isSwitchedOn(cid: number): boolean {
    return this.switched.get(cid) ?? cid === DEFAULT_CONTEXT;
  }

  /** A start, or the end of one: nothing is known. */
  reset(): void {
    for (const alarm of [this.searching, this.fading, this.bearerDown]) alarm.cancel();
    this.signal.cancel();
    this.functionality = 1;
    this.attached = true;
    this.operatorMode = 0;
    this.switched.clear();
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
    if (!this.on) this.loseUsers();
  }

  /** `AT+CGATT`. */
  setAttached(attached: boolean): void {
    this.attached = attached;
    if (!attached) this.loseUsers();
  }

  /** Looks at SIM, radio and surroundings again, and reports what has changed. */
  update(): void {
    const { context } = this;
    if (!context.poweredOn() || !context.sim.ready || !this.on || this.operatorMode === DEREGISTERED) {
      this.searching.cancel();
      this.found = false;
      this.change(0);
      return;
    }
    if (!this.found && !this.searching.running) this.search(context.timing.registration);
    this.change(this.current());
  }

  /** The registration goes away for that many ms. */
  fade(duration: number): void {
    this.fading.set(duration, () => this.update());
    this.update();
  }

  /** The bearer goes away, and can be had again after that many ms. */
  loseBearer(duration: number): void {
    const { report } = this.context;
    if (duration > 0) this.bearerDown.set(duration, () => report('+CGEV: EPS PDN ACT 1'));
    report('+CGEV: NW PDN DEACT 1');
    this.loseUsers();
  }

  /** What follows `<stat>` in a report or an answer, where a cell is known and asked for. */
  location(reports: number): string {
    return reports === 2 && this.serving ? `,"${CELL.area}","${CELL.cell}"` : '';
  }

  private loseUsers(): void {
    this.context.bearerLost();
    for (const listener of this.losses) listener();
  }

  private search(duration: number): void {
    if (duration > 0) this.searching.set(duration, () => this.settle());
    else this.found = true;
  }

  private current(): number {
    return this.found && this.allowed && !this.fading.running
      ? this.context.surroundings.registration
      : SEARCHING;
  }

  private change(registration: number): void {
    if (registration === this.known) return;
    this.known = registration;
    for (const [command, reports] of Object.entries(this.context.settings.registrationReports)) {
      if (reports > 0) this.context.report(`${command}: ${registration}${this.location(reports)}`);
    }
    for (const listener of this.listeners) listener();
  }
}

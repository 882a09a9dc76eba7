import { type Observable, Subject } from 'rxjs';
import { type Random, type Range, random, within } from '../../random.js';
import { allFaults, type FaultKind } from './kinds.js';
import { Trigger } from './trigger.js';

/** Which faults happen by chance, and what they are like. Times are in ms. */
export interface FaultOptions {
  /** The same seed gives the same faults at the same opportunities. Default 1. */
  readonly seed?: number;
  /** Share of its opportunities at which each kind fires, from 0 to 1. Default 0. */
  readonly rates?: Partial<Record<FaultKind, number>>;
  /** By how much answers and results are late. Default 1 to 3000. */
  readonly delay?: Range;
  /** How long an outage takes, and after what time a report is repeated. Default 100 to 10000. */
  readonly outage?: Range;
  /** How long chunks are apart, or wait to be joined. Default 0 to 20. */
  readonly pause?: Range;
  /** The lines of `chatter`. */
  readonly chatter?: readonly string[];
  /** What the other program of `changedSetting` types. */
  readonly otherCommands?: readonly string[];
}

/** When a fault fires, by script. */
export interface FaultScript {
  /** Opportunities that pass before. Default 0. */
  readonly skip?: number;
  /** How many of the next ones fire. Default 1. */
  readonly times?: number;
  /**
   * Counts only the opportunities at lines that it matches. For `lostLine`, `repeatedLine`,
   * `damagedLine`, `wrongLink`, `misroutedReport` and `repeatedReport`; others have no line.
   */
  readonly line?: RegExp;
}

/** Faults as a test sees them. */
export interface FaultControl {
  /** How often each kind has fired. */
  readonly counts: Readonly<Record<FaultKind, number>>;
  /**
   * How many opportunities each kind has had; those of the groups `damage` and `absence` are counted
   * only while something can fire.
   */
  readonly chances: Readonly<Record<FaultKind, number>>;
  /** Hot, no replay: each one that fires. */
  readonly fired$: Observable<FaultKind>;
  /**
   * Strikes at the next opportunity, or as the script says; after what was scripted before.
   *
   * @param kind What goes wrong.
   * @param script When and how often. Default: once, at the next opportunity.
   */
  next(kind: FaultKind, script?: FaultScript): void;
  /**
   * From now on, fires at this share of the opportunities.
   *
   * @param kind What goes wrong.
   * @param rate From 0 to 1.
   */
  setRate(kind: FaultKind, rate: number): void;
  /** Nothing goes wrong any more, neither by rate nor by script. */
  clear(): void;
}

/** Lines that real modules print at any time (protocol 5). */
const CHATTER = [
  '*PSUTTZ: 26/11/23,03:42:10","+04",0',
  'DST: 0',
  '+CTZV: +04',
  '+CGEV: ME PDN ACT 8,1',
  '+CGEV: NW MODIFY 1,0',
  '*COPN: 1',
  '+CSCON: 1',
  '+CNSMOD: 8',
  '+CMTI: "SM",1',
  'RING',
  'SMS DONE',
  'PB DONE',
  '+CREG: 1',
];

/** Settings that other programs on other ports change. */
const OTHER_COMMANDS = [
  'AT+CIPRXGET=0',
  'AT+CIPRXGET=1',
  'AT+CIPHEAD=0',
  'AT+CIPSRIP=0',
  'AT+CIPSENDMODE=1',
  'AT+CIPCCFG=10,0,0,0,1,0,500',
  'AT+CMEE=0',
  'AT+CATR=3',
  'AT+CGDCONT=1,"IP","other"',
];

/** Decides which faults happen. */
export class Faults implements FaultControl {
  readonly seed: number;
  private readonly triggers: ReadonlyMap<FaultKind, Trigger>;
  private readonly fired = new Subject<FaultKind>();
  private readonly chance: Random;
  private readonly options: FaultOptions;
  private armed = false;

  constructor(options: FaultOptions = {}) {
    const { seed = 1, rates = {} } = options;
    this.options = options;
    this.seed = seed;
    const chance = random(seed).fork('faults');
    this.chance = chance;
    // Each kind draws for itself, so that switching one on leaves the others as they were.
    this.triggers = new Map(allFaults().map((kind) => [kind, new Trigger(chance.fork(kind))]));
    for (const kind of allFaults()) this.setRate(kind, rates[kind] ?? 0);
  }

  get fired$(): Observable<FaultKind> {
    return this.fired.asObservable();
  }

  get counts(): Record<FaultKind, number> {
    return this.tally(({ fires }) => fires);
  }

  get chances(): Record<FaultKind, number> {
    return this.tally(({ chances }) => chances);
  }

  /** Nothing can fire, neither by rate nor by script: what is many times a line need not be asked for. */
  get quiet(): boolean {
    return !this.armed;
  }

  next(kind: FaultKind, { skip = 0, times = 1, line }: FaultScript = {}): void {
    this.armed = true;
    if (line === undefined) this.trigger(kind).add(skip, times);
    else this.trigger(kind).addMatching(line, skip, times);
  }

  setRate(kind: FaultKind, rate: number): void {
    if (rate > 0) this.armed = true;
    this.trigger(kind).setRate(rate);
  }

  clear(): void {
    this.armed = false;
    for (const trigger of this.triggers.values()) {
      trigger.setRate(0);
      trigger.clearScript();
    }
  }

  /** Whether this kind fires at this opportunity; `line` is what would be printed. */
  fires(kind: FaultKind, line?: string): boolean {
    const trigger = this.trigger(kind);
    const fired = (line !== undefined && trigger.fireMatching(line)) || trigger.fire();
    if (fired) this.fired.next(kind);
    return fired;
  }

  /** The first of the next `count` opportunities at which it fires; see {@link Trigger.next}. */
  firstOf(kind: FaultKind, count: number): number | undefined {
    const first = this.trigger(kind).next(count);
    if (first !== undefined) this.fired.next(kind);
    return first;
  }

  /** Time by which an answer is late, most often 0. */
  lateness(kind: 'lateAnswer' | 'lateResult'): number {
    return this.fires(kind) ? within(this.options.delay ?? [1, 3_000], this.chance) : 0;
  }

  /** How long something is gone. */
  outage(): number {
    return within(this.options.outage ?? [100, 10_000], this.chance);
  }

  /** How long a chunk waits. */
  pause(): number {
    return within(this.options.pause ?? [0, 20], this.chance);
  }

  /** A line that another program caused. */
  chatter(): string {
    return this.oneOf(this.options.chatter ?? CHATTER);
  }

  /** What another program types. */
  otherCommand(): string {
    return this.oneOf(this.options.otherCommands ?? OTHER_COMMANDS);
  }

  /** A whole number from `min` to `max`. */
  choose(min: number, max: number): number {
    return this.chance.integer(min, max);
  }

  private oneOf(lines: readonly string[]): string {
    return lines[this.chance.integer(0, lines.length - 1)] ?? '';
  }

  private trigger(kind: FaultKind): Trigger {
    return this.triggers.get(kind) as Trigger;
  }

  private tally(read: (trigger: Trigger) => number): Record<FaultKind, number> {
    const entries = [...this.triggers].map(([kind, trigger]) => [kind, read(trigger)]);
    return Object.fromEntries(entries) as Record<FaultKind, number>;
  }
}

import type { Clock } from './clock.js';
import type { EmulatorEvent, Power } from './events.js';
import type { Faults } from './faults/faults.js';
import type { Profile } from './profiles/profile.js';
import type { Radio } from './radio/radio.js';
import type { Sim } from './radio/sim.js';
import type { Timing } from './timing.js';

/** What a {@link PowerSwitch} needs of the module. */
export interface PowerContext {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly profile: Profile;
  readonly faults: Faults;
  readonly sim: Sim;
  readonly radio: Radio;
  emit(event: EmulatorEvent): void;
  report(text: string): void;
  /** Prints bytes before the first line of a start. */
  printRaw(bytes: Uint8Array): void;
  /** Forgets everything but what is stored. */
  reset(): void;
}

/** Starts the module and switches it off. */
export class PowerSwitch {
  private readonly context: PowerContext;
  private readonly listeners = new Set<(power: Power) => void>();
  private current: Power = 'off';
  /** The start lines of the start that is going on are not heard. */
  private silent = false;

  constructor(context: PowerContext) {
    this.context = context;
  }

  get state(): Power {
    return this.current;
  }

  /** Calls `listener` at each change; returns what ends that. */
  watch(listener: (power: Power) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** On, without a start: as if it had been running for long. */
  wake(): void {
    this.change('on');
    this.context.sim.read();
    this.context.radio.settle();
  }

  /**
   * On, after a silence, with its lines one after another (protocol 6); `silent` leaves the lines
   * out, as on a line that was not connected.
   */
  start(silent = false): void {
    const { sim, clock, timing } = this.context;
    this.off();
    this.silent = silent;
    this.change('starting');
    sim.begin();
    clock.after(timing.silence, () => this.ready());
  }

  off(): void {
    const before = this.current;
    // First, so that what the host has been holding back is not carried out in the middle of it.
    this.current = 'off';
    this.context.reset();
    if (before !== 'off') this.announce();
  }

  /** Off in good order: with the time that it takes, and with what the module prints at the end. */
  shutDown(): void {
    const { clock, timing, profile, report } = this.context;
    clock.after(timing.shutdown, () => {
      if (profile.farewell !== '') report(profile.farewell);
      this.off();
    });
  }

  /** The SIM can be used from now on. */
  simReady(): void {
    const { profile, clock, timing } = this.context;
    const report = this.reporter();
    report('+CPIN: READY');
    for (const { at, text } of profile.simLines) {
      clock.after(at * timing.startLines, () => report(text));
    }
  }

  private ready(): void {
    const { profile, timing, clock, faults, printRaw } = this.context;
    const report = this.reporter();
    this.change('on');
    if (profile.startsWithNul && !this.silent) printRaw(Uint8Array.of(0));
    for (const { at, text } of profile.startLines) clock.after(at * timing.startLines, () => report(text));
    const slow = faults.fires('slowSim') ? faults.outage() : 0;
    clock.after(profile.simTime * timing.startLines + slow, () => this.simRead());
  }

  private simRead(): void {
    const { sim, profile, radio } = this.context;
    const report = this.reporter();
    sim.read();
    if (sim.ready) this.simReady();
    else if (typeof sim.state === 'string') report(`+CPIN: ${sim.state}`);
    else if (!sim.inserted) report(profile.noSimLine);
    this.silent = false;
    radio.update();
  }

  private reporter(): (text: string) => void {
    return this.silent ? () => {} : this.context.report;
  }

  private change(power: Power): void {
    if (power === this.current) return;
    this.current = power;
    this.announce();
  }

  private announce(): void {
    const { current } = this;
    for (const listener of [...this.listeners]) listener(current);
    this.context.emit({ kind: 'power', power: current });
  }
}

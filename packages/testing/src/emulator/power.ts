import { textBytes } from './at/printer.js';
import type { Power } from './events.js';
import type { Module } from './module.js';

/** Time in ms without a byte after which `AT+CSCLK=2` lets the module sleep (protocol 8). */
const SLEEP_AFTER = 10_000;

/** Starts the module and switches it off. */
export class PowerSwitch {
  private readonly module: Module;
  private current: Power = 'off';
  private lastByte = 0;

  constructor(module: Module) {
    this.module = module;
  }

  get state(): Power {
    return this.current;
  }

  /** On, without a start. */
  wake(): void {
    this.change('on');
    this.module.sim.read();
    this.module.radio.settle();
  }

  /** On, after a silence, with its lines one after another (protocol 6). */
  start(): void {
    const { module } = this;
    this.off();
    this.change('starting');
    module.sim.begin();
    module.clock.after(module.timing.silence, () => this.ready());
  }

  off(): void {
    const before = this.current;
    // First, so that what the host has been holding back is not carried out in the middle of it.
    this.current = 'off';
    this.module.reset();
    if (before !== 'off') this.module.emit({ kind: 'power', power: 'off' });
  }

  /** A sleeping module hears that something comes, but not what (protocol 8, `CSCLK`). */
  asleep(): boolean {
    const { module } = this;
    const now = module.clock.now();
    const idle = now - this.lastByte >= SLEEP_AFTER;
    this.lastByte = now;
    const { sleep } = module.settings;
    return (sleep === 1 && !module.dtr) || (sleep === 2 && idle);
  }

  /** The SIM can be used from now on. */
  simReady(): void {
    const { module } = this;
    module.report('+CPIN: READY');
    for (const { at, text } of module.profile.simLines) {
      module.clock.after(at * module.timing.startLines, () => module.report(text));
    }
  }

  private ready(): void {
    const { module } = this;
    const { startsWithNul, startLines, simTime } = module.profile;
    const pace = module.timing.startLines;
    this.change('on');
    if (startsWithNul) module.output.raw(textBytes('\0'));
    for (const { at, text } of startLines) module.clock.after(at * pace, () => module.report(text));
    const slow = module.faults.strikes('slowSim') ? module.faults.outage() : 0;
    module.clock.after(simTime * pace + slow, () => this.simRead());
  }

  private simRead(): void {
    const { sim, profile } = this.module;
    sim.read();
    if (sim.ready) this.simReady();
    else if (typeof sim.state === 'string') this.module.report(`+CPIN: ${sim.state}`);
    else if (!sim.inserted) this.module.report(profile.noSimLine);
    this.module.radio.update();
  }

  private change(power: Power): void {
    if (power === this.current) return;
    this.current = power;
    this.module.emit({ kind: 'power', power });
  }
}

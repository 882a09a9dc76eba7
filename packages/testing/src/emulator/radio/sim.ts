import type { Module } from '../module.js';
import type { SimState } from './surroundings.js';

/** How often a wrong PIN may be entered before the PUK is asked for (3GPP TS 31.101). */
const PIN_TRIES = 3;

/** The SIM as the module sees it. */
export class Sim {
  private readonly module: Module;
  private pinTries = PIN_TRIES;
  /** Until then it answers that it is busy. */
  private reading = false;

  constructor(module: Module) {
    this.module = module;
  }

  /** What `AT+CPIN?` tells. */
  get state(): SimState {
    return this.reading && this.inserted
      ? { cme: this.module.profile.unreadSim }
      : this.module.surroundings.sim;
  }

  get ready(): boolean {
    return this.state === 'READY';
  }

  get inserted(): boolean {
    const { sim } = this.module.surroundings;
    return typeof sim === 'string' || sim.cme !== NOT_INSERTED;
  }

  /** A start begins: the SIM is not read yet. */
  begin(): void {
    this.reading = true;
    this.pinTries = PIN_TRIES;
  }

  /** The SIM has been read. */
  read(): void {
    this.reading = false;
  }

  /** Enters a PIN, or a PUK and a new PIN; undefined when it is right, else the CME code. */
  unlock(code: string, newPin: string | undefined): number | undefined {
    const { surroundings } = this.module;
    const { state } = this;
    if (state === 'SIM PIN') {
      if (code === surroundings.pin) return this.opened();
      this.pinTries -= 1;
      if (this.pinTries === 0) surroundings.sim = 'SIM PUK';
      return WRONG_PASSWORD;
    }
    if (state === 'SIM PUK') {
      if (code !== surroundings.puk || newPin === undefined) return WRONG_PASSWORD;
      surroundings.pin = newPin;
      return this.opened();
    }
    return typeof state === 'string' ? NOT_ALLOWED : state.cme;
  }

  private opened(): undefined {
    this.pinTries = PIN_TRIES;
    this.module.clock.later(0, () => {
      this.module.surroundings.sim = 'READY';
    });
    return undefined;
  }
}

const NOT_ALLOWED = 3;
const NOT_INSERTED = 10;
const WRONG_PASSWORD = 16;

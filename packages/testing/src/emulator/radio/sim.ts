import type { Profile } from '../profiles/profile.js';
import type { SimState, Surroundings } from './surroundings.js';

/** How often a wrong PIN may be entered before the PUK is asked for (3GPP TS 31.101). */
const PIN_TRIES = 3;

/** What a {@link Sim} needs of the module. */
export interface SimContext {
  readonly profile: Profile;
  readonly surroundings: Surroundings;
}

/** The SIM as the module sees it. */
export class Sim {
  private readonly context: SimContext;
  private pinTries = PIN_TRIES;
  /** Until then it answers that it is busy. */
  private reading = false;

  constructor(context: SimContext) {
    this.context = context;
  }

  /** What `AT+CPIN?` tells. */
  get state(): SimState {
    return this.reading && this.inserted
      ? { cme: this.context.profile.unreadSim }
      : this.context.surroundings.sim;
  }

  get ready(): boolean {
    return this.state === 'READY';
  }

  get inserted(): boolean {
    const { sim } = this.context.surroundings;
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
    const { surroundings } = this.context;
    const { state } = this;
    if (state === 'SIM PIN') {
      if (code === surroundings.pin) return undefined;
      this.pinTries -= 1;
      if (this.pinTries === 0) surroundings.sim = 'SIM PUK';
      return WRONG_PASSWORD;
    }
    if (state === 'SIM PUK') {
      if (code !== surroundings.puk || newPin === undefined) return WRONG_PASSWORD;
      surroundings.pin = newPin;
      return undefined;
    }
    return typeof state === 'string' ? NOT_ALLOWED : state.cme;
  }

  /** What was entered was right: the SIM can be used. */
  open(): void {
    this.pinTries = PIN_TRIES;
    this.context.surroundings.sim = 'READY';
  }
}

const NOT_ALLOWED = 3;
const NOT_INSERTED = 10;
const WRONG_PASSWORD = 16;

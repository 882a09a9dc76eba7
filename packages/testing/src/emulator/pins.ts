import { perModule } from './per-module.js';

/** The general purpose pins of a module; after a restart all of them are inputs. */
export class Pins {
  private readonly outputs = new Set<number>();
  /** What the module would put on a pin, and what the outside puts on it. */
  private readonly own = new Map<number, boolean>();
  private readonly foreign = new Map<number, boolean>();

  /**
   * Makes a pin an output or an input.
   *
   * @param pin its number
   * @param direction seen from the module
   */
  direct(pin: number, direction: 'in' | 'out'): void {
    if (direction === 'out') this.outputs.add(pin);
    else this.outputs.delete(pin);
  }

  /**
   * What the module puts on a pin once it is an output.
   *
   * @param pin its number
   * @param high whether there is a voltage
   */
  set(pin: number, high: boolean): void {
    this.own.set(pin, high);
  }

  /**
   * What the outside puts on a pin while it is an input.
   *
   * @param pin its number
   * @param high whether there is a voltage
   */
  apply(pin: number, high: boolean): void {
    this.foreign.set(pin, high);
  }

  /**
   * Whether there is a voltage on the pin.
   *
   * @param pin its number
   * @returns true if there is
   */
  level(pin: number): boolean {
    return (this.outputs.has(pin) ? this.own : this.foreign).get(pin) ?? false;
  }

  /** A restart. */
  forget(): void {
    this.outputs.clear();
    this.own.clear();
  }
}

export const pinsOf = perModule((module) => {
  const pins = new Pins();
  module.watchPower((power) => {
    if (power === 'off') pins.forget();
  });
  return pins;
});

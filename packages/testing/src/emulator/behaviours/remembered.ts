import type { Behaviour } from '../at/behaviour.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { type NumberSetting, setting } from './setting.js';

/** A number that a command sets, kept by its name. */
export interface RememberedNumber extends Omit<NumberSetting, 'get' | 'set'> {
  readonly initial: number;
  /** Whether a restart keeps it ("AUTO_SAVE" in the AT command manual). */
  readonly saved: boolean;
}

class Numbers {
  readonly saved = new Map<string, number>();
  readonly volatile = new Map<string, number>();
}

const numbersOf = perModule((module) => {
  const numbers = new Numbers();
  module.watchPower((power) => {
    if (power === 'off') numbers.volatile.clear();
  });
  return numbers;
});

/**
 * Describes a number and the command that sets it.
 *
 * @returns The command's behaviour, and what reads and writes the number.
 */
export function remembered({ initial, saved, ...command }: RememberedNumber) {
  const { command: name } = command;
  const home = (module: Module) => numbersOf(module)[saved ? 'saved' : 'volatile'];
  const get = (module: Module): number => home(module).get(name) ?? initial;
  const set = (value: number, module: Module): void => {
    home(module).set(name, value);
  };
  const behaviour: Behaviour = setting({ ...command, get, set });
  return { behaviour, get, set };
}

import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { auxiliarySwitch, auxiliaryVoltage } from '../auxiliary.js';
import { CHARACTER_SETS, characterSetOf } from '../mobile/character-set.js';
import type { Module } from '../module.js';

/** Voltages of VDD_AUX in mV (AT command manual, 11.2.3). */
const VOLTAGES = [
  1200, 1250, 1700, 1800, 1850, 1900, 2500, 2600, 2700, 2750, 2800, 2850, 2900, 3000, 3100, 3300,
];

/** Supply, temperature, pins, and the host's character set (AT command manual, 2.2.20, 3.2.4, 11.2). */
export const hardware: readonly Behaviour[] = [
  {
    command: '+CBC',
    test: () => ok(),
    execute: (_, { surroundings }) => ok(`+CBC: ${surroundings.voltage.toFixed(3)}V`),
  },
  {
    command: '+CPMUTEMP',
    test: () => ok(),
    execute: (_, { surroundings }) => ok(`+CPMUTEMP: ${Math.round(surroundings.temperature)}`),
  },
  {
    ...auxiliarySwitch.behaviour,
    test: () => ok('+CVAUXS: (0,1)'),
  },
  {
    ...auxiliaryVoltage.behaviour,
    test: () => ok(`+CVAUXV: (${VOLTAGES.join()})`),
    write: ({ values: [value] }, module) => {
      const voltage = number(value, 1200, 3300);
      if (voltage === undefined || !VOLTAGES.includes(voltage)) return refuse();
      auxiliaryVoltage.set(voltage, module);
      return ok();
    },
  },
  {
    command: '+CSCS',
    test: () => ok(`+CSCS: (${CHARACTER_SETS.map((name) => `"${name}"`).join()})`),
    // No blank after the colon on A76XX (Q-21).
    read: (_, module) => ok(`+CSCS:${gap(module)}"${characterSetOf(module).current}"`),
    execute: (_, module) => {
      characterSetOf(module).current = 'IRA';
      return ok();
    },
    write: ({ values: [name = '', ...more] }, module) => {
      const set = CHARACTER_SETS.find((known) => known === name.toUpperCase());
      if (set === undefined || more.length > 0) return refuse();
      characterSetOf(module).current = set;
      return ok();
    },
  },
];

function gap({ profile }: Module): string {
  return profile.family === 'a76xx' ? '' : ' ';
}

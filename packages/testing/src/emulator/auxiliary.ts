import { remembered } from './behaviours/remembered.js';
import type { Module } from './module.js';

/** `AT+CVAUXS`: 1 switches the supply on the pin VDD_AUX on. */
export const auxiliarySwitch = remembered({ command: '+CVAUXS', min: 0, max: 1, initial: 0, saved: true });

/** `AT+CVAUXV`, in mV. */
export const auxiliaryVoltage = remembered({
  command: '+CVAUXV',
  min: 1200,
  max: 3300,
  initial: 3000,
  saved: true,
});

/** The voltage on the pin VDD_AUX in mV. */
export function auxiliaryOutput(module: Module): number {
  const on = module.power === 'on' && auxiliarySwitch.get(module) === 1;
  return on ? auxiliaryVoltage.get(module) : 0;
}

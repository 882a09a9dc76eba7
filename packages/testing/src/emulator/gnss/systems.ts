import { remembered } from '../behaviours/remembered.js';
import type { Module } from '../module.js';
import { SEVERAL, type System, TALKERS } from './sky.js';

/** `AT+CGNSSMODE` of A76XX: which systems are used. */
export const gnssMode = remembered({
  command: '+CGNSSMODE',
  min: 1,
  max: 4,
  initial: 3,
  execute: 3,
  saved: false,
});

/** `AT+CGNSSMODE` of SIM7600: a bit for each system apart from GPS. */
export const extraSystems = remembered({
  command: '+CGNSSMODE of SIM7600',
  min: 0,
  max: 15,
  initial: 15,
  saved: true,
});

const MODES: Readonly<Record<number, readonly System[]>> = {
  1: ['GPS'],
  2: ['BeiDou'],
  3: ['GPS', 'BeiDou'],
  4: ['GPS', 'GLONASS', 'Galileo'],
};

/** By the bits of SIM7600; the fourth one, QZSS, is not seen from here. */
const BITS: readonly System[] = ['GLONASS', 'BeiDou', 'Galileo'];

/** The systems whose satellites the module's receiver uses. */
export function systemsOf(module: Module): readonly System[] {
  if (module.profile.family === 'a76xx') return MODES[gnssMode.get(module)] ?? [];
  const bits = extraSystems.get(module);
  return ['GPS', ...BITS.filter((_, bit) => (bits & (1 << bit)) !== 0)];
}

/**
 * The talker of sentences that are about no single system: SIM7600 always says GPS, A76XX names its only
 * system, or that there are several.
 */
export function talkerOf(module: Module): string {
  if (module.profile.family === 'sim7600') return TALKERS.GPS;
  const [first = 'GPS', ...more] = systemsOf(module);
  return more.length > 0 ? SEVERAL : TALKERS[first];
}

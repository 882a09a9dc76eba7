import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { pinsOf } from '../pins.js';

/** General purpose pins (AT command manual, 11.2; SIM7600 AT command manual, 16). */
export const pins: readonly Behaviour[] = [
  {
    command: '+CGDRT',
    test: () => ok('+CGDRT: (0-77),(0-1)'),
    write: ({ values: [pinText, directionText] }, module) => {
      const pin = number(pinText, 0, LAST_PIN);
      const direction = number(directionText, 0, 1);
      if (pin === undefined || direction === undefined) return refuse();
      pinsOf(module).direct(pin, direction === 1 ? 'out' : 'in');
      return ok();
    },
  },
  {
    command: '+CGSETV',
    test: () => ok('+CGSETV: (0-77),(0-1)'),
    write: ({ values: [pinText, levelText] }, module) => {
      const pin = number(pinText, 0, LAST_PIN);
      const level = number(levelText, 0, 1);
      if (pin === undefined || level === undefined) return refuse();
      pinsOf(module).set(pin, level === 1);
      return ok();
    },
  },
  {
    command: '+CGGETV',
    test: () => ok('+CGGETV: (0-77)'),
    write: ({ values: [pinText] }, module) => {
      const pin = number(pinText, 0, LAST_PIN);
      return pin === undefined ? refuse() : ok(`+CGGETV: ${pinsOf(module).level(pin) ? 1 : 0}`);
    },
  },
];

/** The highest number of a pin that a module of the series has. */
const LAST_PIN = 77;

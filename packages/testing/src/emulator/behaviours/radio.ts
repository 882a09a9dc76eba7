import type { Behaviour } from '../behaviour.js';
import { ok, refuse } from '../reply.js';
import { number } from '../values.js';

/** The read form's first number is the setting of the reports, which are not made yet. */
function registration(command: string): Behaviour {
  return {
    command,
    test: () => ok(`${command}: (0-2)`),
    read: (_, { surroundings }) => ok(`${command}: 0,${surroundings.registration}`),
    write: ({ values }) => (number(values[0], 0, 2) === undefined ? refuse() : ok()),
  };
}

export const radio: readonly Behaviour[] = [
  {
    command: '+CPIN',
    test: () => ok(),
    read: (_, { surroundings: { sim } }) =>
      typeof sim === 'string' ? ok(`+CPIN: ${sim}`) : { parts: [], result: sim },
  },
  {
    command: '+CSQ',
    test: () => ok('+CSQ: (0-31,99),(0-7,99)'),
    execute: (_, { surroundings }) => ok(`+CSQ: ${surroundings.rssi},0`),
  },
  registration('+CREG'),
  registration('+CGREG'),
  registration('+CEREG'),
];

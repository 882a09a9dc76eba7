import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okThen, refuse } from '../at/reply.js';
import type { Module } from '../module.js';

/** The SIM (protocol 4.4). */
export const sim: readonly Behaviour[] = [
  {
    command: '+CPIN',
    test: () => ok(),
    read: (_, module) => {
      const { state } = module.sim;
      return typeof state === 'string' ? ok(`+CPIN: ${state}`) : cmeError(state.cme);
    },
    write: ({ values: [code, newPin] }, module) => {
      if (code === undefined || code === '') return refuse();
      const failure = module.sim.unlock(code, newPin);
      return failure === undefined ? okThen(() => module.sim.open()) : cmeError(failure);
    },
  },
  fromSim('+CICCID', ({ profile }) => `+ICCID: ${profile.identity.iccid}`),
  fromSim('+CIMI', ({ profile }) => profile.identity.imsi),
];

/** One line that is read from the SIM, locked or not. */
function fromSim(command: string, line: (module: Module) => string): Behaviour {
  return {
    command,
    test: () => ok(),
    execute: (_, module) => {
      const { state } = module.sim;
      return typeof state === 'string' ? ok(line(module)) : cmeError(state.cme);
    },
  };
}

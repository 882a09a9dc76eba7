import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen } from '../at/reply.js';

/** Switching off and restarting (protocol 4.2). */
export const power: readonly Behaviour[] = [
  {
    command: '+CRESET',
    test: () => ok(),
    execute: (_, module) => okThen(() => module.clock.after(module.timing.shutdown, () => module.start())),
  },
  {
    command: '+CPOF',
    test: () => ok(),
    execute: (_, module) => okThen(() => module.shutDown()),
  },
];

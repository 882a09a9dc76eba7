import type { Behaviour } from '../at/behaviour.js';
import { connectThen, ok, result } from '../at/reply.js';

/** Back to data mode, and hanging up (protocol 3.18). */
export const dataMode: readonly Behaviour[] = [
  {
    command: 'O',
    execute: (_, { dataMode: mode, port }) => {
      const { suspended } = mode;
      if (suspended === undefined) return result('NO CARRIER');
      return connectThen(() => mode.enter(suspended, port));
    },
  },
  // It ends a call or a PPP session; sockets are not its business.
  { command: 'H', maxTime: 120_000, execute: () => ok(), write: () => ok() },
];

import type { Behaviour } from '../at/behaviour.js';
import { connectThen, result } from '../at/reply.js';

/** Back to data mode (protocol 3.18). */
export const dataMode: readonly Behaviour[] = [
  {
    command: 'O',
    execute: (_, { dataMode: mode, port }) => {
      const { suspended } = mode;
      if (suspended === undefined) return result('NO CARRIER');
      return connectThen(() => mode.enter(suspended, port));
    },
  },
];

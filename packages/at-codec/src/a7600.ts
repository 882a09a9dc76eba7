import { MAX_PIECE } from './commands/sockets.js';
import type { Dialect } from './decoder/dialect.js';
import { ceregChanged, cgregChanged, cregChanged, packetEvent, simState } from './urcs/network.js';
import { clientAccepted, dataWaiting, linkClosed, networkLost } from './urcs/sockets.js';
import { restarted, startup } from './urcs/startup.js';

/** How A7600-series modules write; the SIM7500/SIM7600 family is close enough to share it. */
export const a7600: Dialect = {
  name: 'a7600',
  results: [
    { text: 'OK', match: 'line', ok: true },
    { text: 'ERROR', match: 'line', ok: false },
    { text: '+CME ERROR', match: 'name', ok: false },
    { text: '+CMS ERROR', match: 'name', ok: false },
    { text: 'CONNECT', match: 'name', ok: true },
    { text: 'CONNECT FAIL', match: 'line', ok: false },
    { text: 'NO CARRIER', match: 'line', ok: false },
  ],
  urcs: [
    dataWaiting,
    linkClosed,
    clientAccepted,
    networkLost,
    packetEvent,
    simState,
    cregChanged,
    cgregChanged,
    ceregChanged,
    ...restarted,
    ...startup,
  ],
  counted: [
    {
      text: '+CIPRXGET',
      match: 'name',
      // Mode 2 is followed by as many bytes as it says, mode 3 by two hexadecimal digits for each.
      count: (line) => {
        const mode = line.int(0);
        if (mode === 2) return line.int(2);
        return mode === 3 ? 2 * line.int(2) : undefined;
      },
      max: MAX_PIECE,
    },
  ],
};

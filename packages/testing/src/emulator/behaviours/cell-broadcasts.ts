import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { broadcastFilterOf, rangesOf, rangesText } from '../messages/broadcasts.js';

/** Cell broadcasts (AT command manual, 9.2.6; 3GPP TS 27.005, 3.3.4). */
export const cellBroadcasts: readonly Behaviour[] = [
  {
    command: '+CSCB',
    test: () => ok('+CSCB: (0-1)'),
    read: (_, module) => {
      const { mode, channels, codings } = broadcastFilterOf(module);
      return ok(`+CSCB: ${mode},"${rangesText(channels)}","${rangesText(codings)}"`);
    },
    write: ({ values: [modeText, channelText = '', codingText = '', ...more] }, module) => {
      const mode = number(modeText, 0, 1);
      const channels = rangesOf(channelText);
      const codings = rangesOf(codingText);
      if (mode === undefined || channels === undefined || codings === undefined || more.length > 0)
        return refuse();
      Object.assign(broadcastFilterOf(module), { mode, channels, codings });
      return ok();
    },
  },
];

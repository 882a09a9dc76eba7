import type { Behaviour } from '../at/behaviour.js';
import { ok } from '../at/reply.js';
import { ipError, linkAt } from './errors.js';

/** What has become of the bytes of a TCP link (protocol 3.15). */
export const acknowledgement: readonly Behaviour[] = [
  {
    command: '+CIPACK',
    test: () => ok('+CIPACK: (0-9)'),
    write: ({ values }, module) => {
      const link = linkAt(values[0], module);
      if (link === undefined || values.length > 1) return ipError('Invalid parameter', module);
      if (!module.sockets.open) return ipError('Network not opened', module);
      if (link.state !== 'open') return ipError('Connection is not created', module);
      if (link.use.type !== 'TCP') return ipError('Operation not supported', module);
      const { sent, acknowledged, received } = link.counts;
      return ok(`+CIPACK: ${sent},${acknowledged},${received}`);
    },
  },
];

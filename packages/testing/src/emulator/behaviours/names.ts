import { catchError, map, of, timeout } from 'rxjs';
import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';

/** Longest name, and longest part of it between dots (protocol 3.16). */
const MAX_NAME = 254;
const MAX_LABEL = 63;

/** The servers that the network tells. */
const USUAL_SERVERS = ['8.8.8.8', '8.8.4.4'] as const;

/** Names (protocol 3.16, 3.17). */
export const names: readonly Behaviour[] = [
  {
    command: '+CDNSGIP',
    maxTime: 120_000,
    test: () => ok(),
    write: ({ values: [name = '', ...more] }, module) => {
      const failure = refuse('+CDNSGIP: 0,10');
      const fits =
        name.length <= MAX_NAME && name.split('.').every(({ length }) => length > 0 && length <= MAX_LABEL);
      if (!fits || more.length > 0) return refuse();
      if (!module.sockets.open) return failure;
      return module.network.resolve(name).pipe(
        timeout({ first: module.settings.nameTimeout, scheduler: module.clock.scheduler }),
        map((addresses) =>
          ok(...addresses.map((address, index) => `+CDNSGIP: ${index + 1},"${name}","${address}"`)),
        ),
        catchError(() => of(failure)),
      );
    },
  },
  {
    command: '+CDNSCFG',
    test: () => ok('+CDNSCFG: ("Primary DNS"),("Secondary DNS")'),
    // Without the prefix of the command.
    read: (_, { settings: { nameServers: [primary, secondary] = USUAL_SERVERS } }) =>
      ok(`Primary IPv4 DNS: ${primary},Secondary IPv4 DNS: ${secondary}`),
    write: ({ values: [primary = '', secondary = '0.0.0.0', family = '0'] }, { settings }) => {
      const known = [primary, secondary].every((text) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text));
      if (!known || (family !== '0' && family !== '1')) return refuse();
      settings.nameServers = [primary, secondary];
      return ok();
    },
  },
];

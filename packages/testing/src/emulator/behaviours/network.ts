import type { Behaviour } from '../behaviour.js';
import { ipError } from '../ip-error.js';
import { ok, okThen, refuse } from '../reply.js';
import { number } from '../values.js';

export const network: readonly Behaviour[] = [
  {
    command: '+CGDCONT',
    test: () => ok('+CGDCONT: (1-15),("IP","IPV6","IPV4V6"),,,(0-2),(0-4)'),
    read: (_, { contexts }) =>
      ok(...[...contexts].map(([cid, { type, apn }]) => `+CGDCONT: ${cid},"${type}","${apn}"`)),
    write: ({ values: [cid, type = 'IP', apn = ''] }, { contexts }) => {
      const id = number(cid, 1, 15);
      if (id === undefined || !['IP', 'IPV6', 'IPV4V6'].includes(type)) return refuse();
      contexts.set(id, { type, apn });
      return ok();
    },
  },
  {
    command: '+NETOPEN',
    read: (_, { service }) => ok(`+NETOPEN: ${service === 'open' ? 1 : 0}`),
    execute: (_, module) => {
      if (module.service !== 'closed') return ipError('Network is already opened');
      return okThen(() => {
        module.service = 'opening';
        module.later(0, () => {
          module.service = 'open';
          module.report('+NETOPEN: 0');
        });
      });
    },
  },
  {
    command: '+NETCLOSE',
    test: () => ok(),
    execute: (_, module) => {
      if (module.service === 'closed') return refuse('+NETCLOSE: 2');
      return okThen(() => {
        const open = module.links.filter(({ state }) => state !== 'free');
        module.closeService();
        for (const link of open) module.report(`+CIPCLOSE: ${link.number},0`);
        module.report('+NETCLOSE: 0');
      });
    },
  },
  {
    command: '+IPADDR',
    test: () => ok(),
    execute: (_, { service, network }) =>
      service === 'open' ? ok(`+IPADDR: ${network.address}`) : ipError('Network not opened'),
  },
];

import type { Behaviour } from '../at/behaviour.js';
import { type FinalReply, ok, okSpaced, okThen, refuse } from '../at/reply.js';
import type { Module } from '../module.js';
import { ERR, ipError, ipErrorText } from './errors.js';

/** The socket service (protocol 3.1, 3.2, 3.7). */
export const network: readonly Behaviour[] = [
  {
    command: '+NETOPEN',
    maxTime: 120_000,
    read: (_, { sockets }) => ok(`+NETOPEN: ${sockets.open ? 1 : 0}`),
    execute: (_, module) => open(module),
    write: ({ values }, module) => (takesContext(values, module) ? open(module) : refuse()),
  },
  {
    command: '+NETCLOSE',
    maxTime: 120_000,
    test: () => ok(),
    execute: (_, module) => close(module),
    write: ({ values }, module) => (takesContext(values, module) ? close(module) : refuse()),
  },
  {
    command: '+IPADDR',
    test: () => ok(),
    execute: (_, module) => {
      if (module.sockets.open) return ok(`+IPADDR: ${module.network.address}`);
      if (module.profile.closedAddress === '+IP ERROR') return ipError('Network not opened', module);
      return refuse(`+IPADDR: ${ipErrorText('Network not opened', module)}`);
    },
  },
];

/** SIM767XX names the context; Q-24. */
function takesContext(values: readonly string[], { profile }: Module): boolean {
  return profile.takesContextNumber && values.length === 1 && /^\d+$/.test(values[0] ?? '');
}

/** The PDP context of the socket service. */
const CONTEXT = 1;
/** `AT+CSOCKSETPN` with IPv6. */
const IPV6 = 6;

function open(module: Module): FinalReply {
  const { sockets, radio, settings, timing, profile } = module;
  if (sockets.state !== 'closed') return ipError('Network is already opened', module);
  if (!radio.bearer && profile.failedOpen === 'at once') return refuse();
  sockets.opening();
  sockets.apn = module.stored.contexts.get(CONTEXT)?.apn ?? '';
  const inTime = timing.netOpen <= settings.timeouts.netOpen;
  const delay = Math.min(timing.netOpen, settings.timeouts.netOpen);
  return okThen(() =>
    module.clock.after(delay, () => {
      if (sockets.state !== 'opening') return;
      const familyFits = settings.addressFamily !== IPV6 || module.network.address.includes(':');
      const err = radio.bearer && familyFits ? (inTime ? ERR.ok : ERR.timeout) : ERR.networkFailure;
      sockets.settle(err === ERR.ok);
      module.conclude(`+NETOPEN: ${err}`);
    }),
  );
}

function close(module: Module): FinalReply {
  const { sockets, dataMode } = module;
  if (sockets.state === 'closed') return refuse(`+NETCLOSE: ${ERR.networkClosed}`);
  // What the host has sent goes out, which may show that the peer has gone: that is its end then.
  const hungUp = dataMode.hangUp();
  const inUse = sockets.links.filter(({ state }) => state === 'open');
  const result = (link: (typeof inUse)[0]) => `+CIPCLOSE: ${link.number},${ERR.ok}`;
  const early = inUse.filter(({ use }) => use.type !== 'TCP').map(result);
  const late = inUse.filter(({ use }) => use.type === 'TCP').map(result);
  const transparent = inUse.find(({ use }) => use.transparent);
  if (transparent?.use.type === 'UDP') early.unshift('CLOSED');
  sockets.closeAll();
  return {
    // Units of their own: each is a result (protocol 3.2).
    ...okSpaced(...early),
    afterwards: () => {
      if (transparent?.use.type === 'UDP') hungUp?.release();
      else hungUp?.sayClosed();
      for (const line of late) module.report(line);
      module.clock.after(module.timing.netClose, () => module.conclude(`+NETCLOSE: ${ERR.ok}`));
    },
  };
}

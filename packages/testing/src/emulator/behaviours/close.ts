import type { Behaviour } from '../at/behaviour.js';
import { type FinalReply, ok, okSpaced, okThen, type Reply, refuse } from '../at/reply.js';
import type { Module } from '../module.js';
import type { HungUp } from '../sockets/data-mode.js';
import { ERR, ipError, linkAt } from './errors.js';

/** Closing links (protocol 3.6). */
export const close: readonly Behaviour[] = [
  {
    command: '+CIPCLOSE',
    maxTime: 120_000,
    test: () => ok('+CIPCLOSE: (0-9)'),
    read: (_, { sockets: { links } }) =>
      ok(`+CIPCLOSE: ${links.map(({ state }) => (state === 'open' ? 1 : 0)).join()}`),
    write: ({ values }, module) => closeLink(values, module),
  },
];

function closeLink([value]: readonly string[], module: Module): Reply {
  const link = linkAt(value, module);
  if (link === undefined) return ipError('Invalid parameter', module);
  const result = (err: number) => `+CIPCLOSE: ${link.number},${err}`;
  if (!module.sockets.open) return refuse(result(ERR.networkClosed));
  if (link.state !== 'open') return refuse(result(ERR.notSupported));
  const { type, transparent = false } = link.use;
  const hungUp = transparent ? module.dataMode.hangUp() : undefined;
  link.close();
  const reply = type === 'TCP' ? tcpReply : udpReply;
  return reply(result(ERR.ok), hungUp, module);
}

function tcpReply(result: string, hungUp: HungUp | undefined, module: Module): FinalReply {
  return okThen(() => {
    hungUp?.sayClosed();
    module.conclude(result, () => module.sockets.linkFreed());
  });
}

function udpReply(result: string, hungUp: HungUp | undefined, module: Module): FinalReply {
  const { udpClose, udpCloseSaysClosed } = module.profile;
  const okFirst =
    udpClose === 'OK first' || (udpClose === 'OK first in buffer access' && module.settings.buffered);
  const freed = () => {
    hungUp?.release();
    module.sockets.linkFreed();
  };
  if (okFirst) return okThen(() => module.conclude(result, freed));
  const words = hungUp !== undefined && udpCloseSaysClosed ? ['CLOSED', result] : [result];
  return { ...okSpaced(...words), afterwards: freed };
}

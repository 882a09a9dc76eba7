import type { Endpoint } from '../../networks/network.js';
import type { Behaviour } from '../at/behaviour.js';
import { MAX_PAYLOAD } from '../at/entry.js';
import { cmeError, type FinalReply, ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';
import type { Link } from '../sockets/link.js';
import { cipError, ERR, linkAt } from './errors.js';

/** `<close_reason>` of a send that was not acknowledged in time (application note, 4.2). */
const SEND_TIMEOUT = 2;

/** Longest parameter of `AT+CIPSENDSTR`, in hexadecimal digits (protocol 3.4). */
const MAX_DIGITS = 500;

/** Sending (protocol 3.4). */
export const send: readonly Behaviour[] = [
  {
    command: '+CIPSEND',
    maxTime: 120_000,
    test: () => ranges(),
    read: (_, { profile }) => (profile.sendHasRead ? ranges() : refuse()),
    write: ({ values }, module) => sendPayload(values, module),
  },
  {
    command: '+CIPSENDSTR',
    maxTime: 120_000,
    test: () => ok('+CIPSENDSTR: (0-9),(1-500)'),
    write: ({ values }, module) => sendText(values, module),
  },
];

function ranges(): FinalReply {
  return ok(`+CIPSEND: (0-9),(1-${MAX_PAYLOAD})`);
}

function sendPayload(values: readonly string[], module: Module): Reply {
  const [linkText, lengthText = '', host = '', portText = ''] = values;
  const link = linkAt(linkText, module);
  const length = lengthText === '' ? 'until-sub' : number(lengthText, 1, MAX_PAYLOAD);
  const port = number(portText, 1, 65_535);
  if (!module.sockets.open) return cipError(ERR.networkClosed);
  if (link === undefined || length === undefined || values.length > 4) return cipError(ERR.wrongParameter);
  const refusal = unusable(link, module);
  if (refusal !== undefined) return cipError(refusal);

  const datagram = link.use.type !== 'TCP';
  const to = host !== '' && port !== undefined ? { host, port } : undefined;
  const addressed = host !== '' || portText !== '';
  // An address is UDP's, complete, and needed where the link has no peer.
  if (addressed ? !datagram || to === undefined : datagram && link.use.remote === undefined) {
    return cipError(ERR.wrongParameter);
  }
  const accepted = link.use.server >= 0;
  if (length === 'until-sub' && accepted && module.profile.fixedSendsOnly) return cipError(ERR.notSupported);
  return {
    prompt: length,
    take: (payload) => handOver(link, payload, to, module),
    cancelled: module.profile.cancelledSend === 'OK' ? ok() : refuse(),
  };
}

/** `<err>` of a link that takes no send. */
function unusable(link: Link, { profile }: Module): number | undefined {
  if (link.state !== 'open') return link.used ? ERR.notSupported : profile.unopenedSend;
  if (link.use.transparent || link.busy) return ERR.busy;
  return undefined;
}

/** The payload is complete: `OK`, and then the result. */
function handOver(link: Link, payload: Uint8Array, to: Endpoint | undefined, module: Module): Reply {
  const { profile, settings } = module;
  const result = (count: number) => `+CIPSEND: ${link.number},${payload.length},${count}`;
  if (link.state !== 'open') {
    return profile.brokenSend === 'result'
      ? okThen(() => module.conclude(result(-1)))
      : cipError(ERR.notSupported);
  }
  const datagram = link.use.type !== 'TCP';
  const count = datagram ? payload.length : link.room(payload.length);
  if (count > 0) link.send(payload.subarray(0, count), to);
  if (!settings.awaitsAcknowledgement || datagram || count === 0) {
    return okThen(() => module.conclude(result(count)));
  }
  return okThen(() => awaitAcknowledgement(link, result, count, module));
}

/** `AT+CIPSENDMODE=1`: the result waits until the peer has it all, or the time is up. */
function awaitAcknowledgement(
  link: Link,
  result: (count: number) => string,
  count: number,
  module: Module,
): void {
  const limit = module.clock.later(module.settings.timeouts.send, () => {
    link.forgetAcknowledgement();
    module.conclude(result(-1));
    link.closedByPeer(SEND_TIMEOUT);
  });
  const done = (reached: boolean) => {
    limit.unsubscribe();
    module.conclude(result(reached ? count : -1));
  };
  link.whenAcknowledged(done, () => limit.unsubscribe());
}

function sendText([linkText, digits = '']: readonly string[], module: Module): Reply {
  const link = linkAt(linkText, module);
  if (!module.sockets.open) return cipError(ERR.networkClosed);
  const bytes = hexBytes(digits);
  if (link === undefined || bytes === undefined) return cipError(ERR.wrongParameter);
  if (link.use.server >= 0) return cipError(ERR.notSupported);
  const refusal = unusable(link, module);
  if (refusal !== undefined) return cipError(refusal);
  if (link.use.type !== 'TCP' && link.use.remote === undefined) return cmeError(50);
  const count = link.room(bytes.length);
  if (count > 0) link.send(bytes.subarray(0, count));
  return okThen(() => module.conclude(`+CIPSENDSTR: ${link.number},${count}`));
}

function hexBytes(digits: string): Uint8Array | undefined {
  if (digits.length === 0 || digits.length > MAX_DIGITS || !/^([0-9a-f]{2})+$/i.test(digits))
    return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

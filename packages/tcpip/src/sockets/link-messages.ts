import { LinkCloseReason } from '@a7600/at-codec';
import type { LinkInfo } from '../links/link-handler.js';

/** What the socket on a link is, for messages. */
export function linkName({ link, kind, remote }: Pick<LinkInfo, 'link' | 'kind' | 'remote'>): string {
  if (remote === undefined) return `the UDP socket on link ${link}`;
  const protocol = kind === 'tcp' ? 'connection' : 'UDP socket';
  return `the ${protocol} to ${remote.host}:${remote.port}`;
}

/** A mistake: the observable that sends was not subscribed to. */
export function neverSent(what: string): string {
  return `${what} was never subscribed to, so nothing was sent: call subscribe() on it, or return it to an operator.`;
}

/** What the reason of a `+IPCLOSE` says (application note, 4.2). */
export function closeMessage(name: string, reason: number): string {
  switch (reason) {
    case LinkCloseReason.TIMEOUT_OR_DTR:
      return `The module gave up ${name}: sending timed out.`;
    case LinkCloseReason.LOCAL:
      return `The module closed ${name} itself, and this program did not ask for it: another program may have.`;
    default:
      return `The other side closed ${name}.`;
  }
}

import { ModemError } from '../base/errors.js';
import { type Endpoint, type LinkInfo, sameEndpoint } from './link-handler.js';
import type { LinkTable } from './link-table.js';
import type { ReceiveMode } from './receive-mode.js';

/** How received data comes, and which links there are. */
export interface Receiving {
  readonly receive: ReceiveMode;
  /** Pushed data bears the link number. */
  readonly linkInHeader: boolean;
  readonly session: { readonly links: LinkTable };
}

/** A link that is to be opened, or that the module has opened. */
export type Newcomer = Pick<LinkInfo, 'kind' | 'remote'>;

/**
 * Whether data that is pushed for a new link would be distinguishable from data for the links in
 * use. With headers that have no link number only the sender's address tells links apart; a UDP
 * socket accepts datagrams from any sender, also from one that looks like the peer of another link.
 */
export function distinguishable({ receive, linkInHeader, session }: Receiving, newcomer: Newcomer): boolean {
  if (receive !== 'push' || linkInHeader) return true;
  return session.links.all().every(({ info }) => differ(info, newcomer));
}

/** Throws `CAPACITY` when it would not be. */
export function assertDistinguishable(receiving: Receiving, newcomer: Newcomer): void {
  if (distinguishable(receiving, newcomer)) return;
  throw new ModemError(
    'CAPACITY',
    'In direct push mode this module does not say which link received data belongs to, and the addresses of ' +
      'the peers would not tell either. Use receive: "buffer", or only TCP connections to IP addresses that differ.',
  );
}

function differ(one: Newcomer, other: Newcomer): boolean {
  if (one.kind !== 'tcp' || other.kind !== 'tcp') return false;
  return isAddressOf(one.remote) && isAddressOf(other.remote) && !sameEndpoint(one.remote, other.remote);
}

function isAddressOf(remote: Endpoint | undefined): remote is Endpoint {
  return remote !== undefined && (/^\d{1,3}(\.\d{1,3}){3}$/.test(remote.host) || remote.host.includes(':'));
}

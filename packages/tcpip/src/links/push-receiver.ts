import { type Address, pushed, pushedOnLink, receivedFrom } from '@a7600/at-codec';
import { ModemError } from '../base/errors.js';
import type { Router } from '../lane/router.js';
import type { Endpoint, LinkHandler } from './link-handler.js';
import type { LinkTable } from './link-table.js';
import type { ReceiveMode } from './receive-mode.js';

/**
 * Takes what the module pushes to whom it belongs: by the link number in its header, or by the
 * sender's address where the header has none (Q-3a).
 */
export class PushReceiver {
  private readonly links: LinkTable;
  private sender: Address | undefined;
  private handler: LinkHandler | undefined;
  private readonly undo: (() => void)[];

  constructor(links: LinkTable, router: Router) {
    this.links = links;
    this.undo = [
      ...receivedFrom.map((urc) => router.on(urc, (sender) => this.announce(sender))),
      router.on(pushed, () => {
        this.handler = this.handlerOf(this.sender);
      }),
      router.on(pushedOnLink, ({ link }) => {
        this.handler = links.get(link);
      }),
    ];
    router.onPayload = ({ header, raw, remaining }) => {
      // Blocks of other services, short messages among them, come the same way.
      if (header.name !== pushed.text && header.name !== pushedOnLink.text) return false;
      this.handler?.pushed(raw, remaining, this.sender);
      if (remaining === 0) this.sender = undefined;
      return this.handler !== undefined;
    };
    this.undo.push(() => {
      router.onPayload = () => false;
    });
  }

  stop(): void {
    for (const undo of this.undo) undo();
  }

  private announce(sender: Address): void {
    this.sender = sender;
  }

  private handlerOf(sender: Endpoint | undefined): LinkHandler | undefined {
    const handlers = this.links.all();
    const fitting = handlers.filter(({ info: { remote } }) => remote !== undefined && same(remote, sender));
    if (fitting.length > 0) return fitting[0];
    // A UDP socket without a peer, or a name instead of an address: only if there is nobody else.
    return handlers.length === 1 ? handlers[0] : handlers.find(({ info }) => info.remote === undefined);
  }
}

/** How received data comes, and which links there are. */
export interface Receiving {
  readonly receive: ReceiveMode;
  /** Pushed data bears the link number. */
  readonly linkInHeader: boolean;
  readonly session: { readonly links: LinkTable };
}

/** Whether data that is pushed for a new link would be distinguishable from that for the links in use. */
export function distinguishable(
  { receive, linkInHeader, session }: Receiving,
  remote: Endpoint | undefined,
): boolean {
  if (receive !== 'push' || linkInHeader) return true;
  // With headers that have no link number, only the sender's address tells links apart.
  return session.links
    .all()
    .every(({ info }) => isAddressOf(remote) && isAddressOf(info.remote) && !same(remote, info.remote));
}

/** Throws when it could not. */
export function assertDistinguishable(scope: Receiving, remote: Endpoint | undefined): void {
  if (distinguishable(scope, remote)) return;
  throw new ModemError(
    'CAPACITY',
    'In direct push mode this module does not say for which link data is, and the addresses of two ' +
      'links would not tell either. Use receive: "buffer", or connect to IP addresses that differ.',
  );
}

function same(a: Endpoint, b: Endpoint | undefined): boolean {
  return b !== undefined && a.host === b.host && a.port === b.port;
}

function isAddressOf(remote: Endpoint | undefined): remote is Endpoint {
  return remote !== undefined && (/^\d{1,3}(\.\d{1,3}){3}$/.test(remote.host) || remote.host.includes(':'));
}

import { type Address, type Payload, pushed, pushedOnLink, receivedFrom } from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import { type Disposer, disposeAll } from '../base/disposer.js';
import type { Router } from '../lane/router.js';
import { type LinkHandler, sameEndpoint } from './link-handler.js';
import type { LinkTable } from './link-table.js';

/** Hands payload that no command waits for to the handler of its link. */
export function routePayload(links: LinkTable, router: Router, scheduler: SchedulerLike): Disposer {
  return disposeAll([...routePushed(links, router, scheduler), routeOrphaned(links, router)]);
}

/** Time in ms for a block that is pushed, after its sender: 1500 bytes at 115200 baud. */
const BLOCK_TIME = 200;

/** What the module pushes: by the link number in its header, or by the sender's address where the header has none (Q-3a). */
function routePushed(links: LinkTable, router: Router, scheduler: SchedulerLike): Disposer[] {
  let sender: Address | undefined;
  let handler: LinkHandler | undefined;
  let announcedAt = 0;
  /** What comes now may still be the payload of the block before, whose header was lost. */
  let inDoubt = false;
  return [
    ...receivedFrom.map((urc) =>
      router.on(urc, (address) => {
        const now = scheduler.now();
        inDoubt = links.announced !== undefined && now - announcedAt < BLOCK_TIME;
        // The block of the one before has not come.
        if (links.announced !== undefined) loseBlockOf(links, links.announced);
        links.announced = address;
        announcedAt = now;
        sender = address;
      }),
    ),
    router.on(pushed, () => {
      links.announced = undefined;
      handler = handlerOf(links, sender);
      if (handler === undefined && sender !== undefined) links.missedDataFrom(sender);
    }),
    router.on(pushedOnLink, ({ link }) => {
      links.announced = undefined;
      handler = links.get(link);
      if (handler === undefined) links.missedData(link);
      else if (!inDoubt && isFrom(links, handler, sender)) return;
      // A header was lost or damaged, or a peer imitates one in its data: neither socket gets it.
      handler?.framingLost?.();
      if (sender !== undefined && !(handler && comes(handler, sender))) loseBlockOf(links, sender);
      handler = undefined;
    }),
    router.onPayload((event) => {
      // Blocks of other services, short messages among them, come the same way.
      const { name } = event.header;
      if (name !== pushed.text && name !== pushedOnLink.text) return false;
      if (event.kind === 'overrun') {
        handler?.framingLost?.();
        return true;
      }
      const from = sender;
      if (event.remaining === 0) sender = undefined;
      handler?.pushed?.(event.raw, event.remaining, from);
      return handler?.pushed !== undefined;
    }),
  ];
}

/**
 * Blocks of the module's buffers whose read has ended already, because something else was taken for
 * its answer. The module answers in order, so each one is the next of its link.
 */
function routeOrphaned(links: LinkTable, router: Router): Disposer {
  const chunks: Payload[] = [];
  return router.onPayload((event) => {
    const { header } = event;
    const handler = header.name === BLOCK_READ ? links.get(header.int(1)) : undefined;
    if (handler?.orphanedRead === undefined) return false;
    if (event.kind === 'overrun') {
      handler.framingLost?.();
      return true;
    }
    if (chunks[0]?.header !== header) chunks.length = 0;
    chunks.push(event);
    if (event.remaining === 0) handler.orphanedRead(chunks.splice(0));
    return true;
  });
}

const BLOCK_READ = '+CIPRXGET';

function handlerOf(links: LinkTable, sender: Address | undefined): LinkHandler | undefined {
  const handlers = links.all();
  // A UDP socket, or a peer that was given by its name: only if there is no other link.
  const isMeant = handlers.length === 1 ? mayCome : comes;
  return handlers.find((handler) => isMeant(handler, sender));
}

/** The socket that has that sender misses a block. */
function loseBlockOf(links: LinkTable, sender: Address): void {
  const other = links.all().find((each) => comes(each, sender));
  other?.framingLost?.();
}

/** Whether a block with that link number may have that sender: a datagram from any sender, a connection from its peer. */
function isFrom(links: LinkTable, handler: LinkHandler, sender: Address | undefined): boolean {
  if (handler.info.kind !== 'tcp' || comes(handler, sender)) return true;
  return (
    mayCome(handler, sender) && !links.all().some((each) => each.info.kind === 'tcp' && comes(each, sender))
  );
}

function comes({ info: { remote } }: LinkHandler, sender: Address | undefined): boolean {
  return sender !== undefined && sameEndpoint(remote, sender);
}

/** Whether a handler's peer may be the sender: one that is known by its address sends from there, and from nowhere else. */
function mayCome(handler: LinkHandler, sender: Address | undefined): boolean {
  const { kind, remote } = handler.info;
  const isKnown = kind === 'tcp' && remote !== undefined && ADDRESS.test(remote.host);
  return sender === undefined || !isKnown || comes(handler, sender);
}

/** An IP address, and not a name. */
const ADDRESS = /^[\d.]+$|:/;

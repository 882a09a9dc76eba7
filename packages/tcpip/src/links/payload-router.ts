import {
  type Address,
  type Overrun,
  type Payload,
  pushed,
  pushedOnLink,
  receivedFrom,
} from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import type { Router } from '../lane/router.js';
import { type LinkHandler, sameEndpoint } from './link-handler.js';
import type { LinkTable } from './link-table.js';
import type { Unclaimed } from './unclaimed-blocks.js';

/** Hands payload that no command waits for to the handler of its link. */
export class PayloadRouter {
  private readonly links: LinkTable;
  private readonly scheduler: SchedulerLike;
  /** Who has sent the block that is pushed, or that comes next. */
  private sender: Address | undefined;
  /** When that was told, until the header of the block comes. */
  private announcedAt: number | undefined;
  /** What comes now may still be the payload of the block before, whose header was lost. */
  private inDoubt = false;
  private handler: LinkHandler | undefined;
  /** The block is held for a connection that nothing here has yet. */
  private held: Unclaimed | undefined;

  constructor(links: LinkTable, router: Router, scheduler: SchedulerLike) {
    this.links = links;
    this.scheduler = scheduler;
    for (const urc of receivedFrom) router.on(urc, (sender) => this.announce(sender));
    router.on(pushed, () => this.begin(handlerOf(links, this.sender), undefined));
    router.on(pushedOnLink, ({ link }) => this.beginOnLink(link));
    router.onPayload((event) => this.take(event));
    routeOrphaned(links, router);
  }

  /** The sender of a block was told, and its header has not come: if the line has lost it, what comes is payload. */
  get awaitsBlock(): boolean {
    return this.announcedAt !== undefined;
  }

  private announce(sender: Address): void {
    const now = this.scheduler.now();
    const { announcedAt } = this;
    this.inDoubt = announcedAt !== undefined && now - announcedAt < BLOCK_TIME;
    // The block of the one before has not come.
    if (announcedAt !== undefined) loseBlockOf(this.links, this.sender);
    this.sender = sender;
    this.announcedAt = now;
  }

  private begin(handler: LinkHandler | undefined, link: number | undefined): void {
    const { links, sender } = this;
    this.announcedAt = undefined;
    this.handler = handler;
    const isHeld = handler === undefined && (link !== undefined || sender !== undefined);
    this.held = isHeld ? links.hold(link, sender) : undefined;
  }

  /** The header has the link number: what does not fit the sender shows that a header was lost, or damaged. */
  private beginOnLink(link: number): void {
    const { links, sender } = this;
    const handler = links.get(link);
    const isNamed = handler !== undefined && !this.inDoubt && isFrom(links, handler, sender);
    const isOfOther = links.all().some((each) => comes(each, sender));
    if (isNamed) {
      this.begin(handler, link);
      return;
    }
    if (!isOfOther && (handler === undefined || !this.inDoubt)) {
      // Of a client that nothing here has yet, who may have got the number of another one.
      this.begin(undefined, link);
      if (this.inDoubt) links.unclaimed.lose(links.hold(link, sender));
      if (handler !== undefined) links.doubts.contest(handler);
      return;
    }
    // Or a peer imitates one in its data: neither socket gets it.
    this.announcedAt = undefined;
    handler?.framingLost?.();
    if (handler === undefined) links.unclaimed.lose(links.hold(link, undefined));
    if (!(handler && comes(handler, sender))) loseBlockOf(links, sender);
    this.handler = undefined;
    this.held = undefined;
  }

  private take(event: Payload | Overrun): boolean {
    // Blocks of other services, short messages among them, come the same way.
    const { name } = event.header;
    if (name !== pushed.text && name !== pushedOnLink.text) return false;
    const { links } = this;
    if (event.kind === 'overrun') {
      this.handler?.framingLost?.();
      if (this.held !== undefined) links.unclaimed.lose(this.held);
      return true;
    }
    const { sender } = this;
    if (event.remaining === 0) this.sender = undefined;
    if (this.held !== undefined) {
      // A client may have got the link in the middle of the block.
      this.handler = this.held.owner;
      if (this.handler === undefined) {
        links.unclaimed.push(this.held, event.raw, event.remaining);
        return true;
      }
    }
    return this.handler?.pushed?.(event.raw, event.remaining, sender) === true;
  }
}

/** Time in ms for a block that is pushed, after its sender: 1500 bytes at 115200 baud. */
const BLOCK_TIME = 200;

/**
 * Blocks of the module's buffers whose read has ended already, because something else was taken for
 * its answer. The module answers in order, so each one is the next of its link.
 */
function routeOrphaned(links: LinkTable, router: Router): void {
  const chunks: Payload[] = [];
  router.onPayload((event) => {
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
function loseBlockOf(links: LinkTable, sender: Address | undefined): void {
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

import type { SchedulerLike } from 'rxjs';
import { type Endpoint, type LinkHandler, sameEndpoint } from './link-handler.js';

/** Bytes that are held in all, and connections that they are held of. */
const LIMIT = 65_536;
const CONNECTIONS = 32;
/** Time in ms for which they are held: in two intervals of the watch the module has been asked for its links. */
const HOLD_TIME = 120_000;

/** Blocks that came for one connection that nothing here has. */
export interface Unclaimed {
  /** Undefined where the header of the data has no link number (Q-3a). */
  readonly link: number | undefined;
  readonly from: Endpoint | undefined;
  readonly since: number;
  chunks: { readonly bytes: Uint8Array; readonly remaining: number }[];
  /** Nothing of what came is lost. */
  isWhole: boolean;
  /** Who has got all this, and gets the rest of the last block. */
  owner?: LinkHandler;
}

/** A connection as its report, or the module's list, names it. */
export interface Named extends Endpoint {
  readonly link: number;
}

/**
 * Blocks that the module pushes for connections that nothing here has yet: the report of the client comes later
 * (`AT+CURCD` holds reports back, but no data), or was lost. They are held for the one that gets the link.
 */
export class UnclaimedBlocks {
  private readonly scheduler: SchedulerLike;
  private all: Unclaimed[] = [];
  private size = 0;

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  /** What is held of such a connection, and `isNew` for the first block of it. */
  of(
    link: number | undefined,
    from: Endpoint | undefined,
  ): { readonly held: Unclaimed; readonly isNew: boolean } {
    const same = (each: Unclaimed) =>
      each.link === link && (each.from === from || (from !== undefined && sameEndpoint(each.from, from)));
    const before = this.all.find(same);
    const held = before ?? { link, from, since: this.scheduler.now(), chunks: [], isWhole: true };
    if (before === undefined) {
      this.all.push(held);
      if (this.all.length > CONNECTIONS) this.drop(this.all.slice(0, 1));
    }
    return { held, isNew: before === undefined };
  }

  /** Holds a chunk, after which `remaining` bytes of its block are still to come; or loses all, where that is too much. */
  push(held: Unclaimed, bytes: Uint8Array, remaining: number): void {
    this.dropOld();
    if (this.size + bytes.length > LIMIT) this.lose(held);
    if (!held.isWhole) return;
    held.chunks.push({ bytes, remaining });
    this.size += bytes.length;
  }

  /** Something of it is lost: who gets the link has not all. */
  lose(held: Unclaimed): void {
    this.size -= sizeOf(held);
    held.chunks = [];
    held.isWhole = false;
  }

  /** Whether nothing is lost of what came for that connection. */
  isWhole(named: Named): boolean {
    this.dropOld();
    return this.all.every((held) => held.isWhole || !isOf(held, named));
  }

  /** Gives out what came for that connection, and forgets all others that had its link. */
  take(named: Named): readonly Unclaimed[] {
    this.dropOld();
    const own = this.all.filter((held) => isOf(held, named));
    this.all = this.all.filter((held) => !own.includes(held));
    this.size = this.all.reduce((sum, held) => sum + sizeOf(held), 0);
    this.forget(named.link);
    return own;
  }

  /** The connection on that link is over. */
  forget(link: number): void {
    this.drop(this.all.filter((held) => held.link === link));
  }

  clear(): void {
    this.drop(this.all);
  }

  private drop(dropped: readonly Unclaimed[]): void {
    for (const held of dropped) this.lose(held);
    this.all = this.all.filter((held) => !dropped.includes(held));
  }

  private dropOld(): void {
    const now = this.scheduler.now();
    for (const held of this.all) if (now - held.since >= HOLD_TIME) this.lose(held);
  }
}

function sizeOf({ chunks }: Unclaimed): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** Whether blocks with that link number, or that sender, came for the connection. */
function isOf({ link, from }: Unclaimed, named: Named): boolean {
  if (link === undefined) return sameEndpoint(from, named);
  return link === named.link && (from === undefined || sameEndpoint(from, named));
}

import type { Payload } from '@a7600/at-codec';

/** An address and a port of the peer. */
export interface Endpoint {
  /** An IP address, or a name where one is looked up. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** Why a link is in question: its end was reported, or its number was given to a client. */
export type Doubt = 'ended' | 'contested';

export function sameEndpoint(a: Endpoint | undefined, b: Endpoint): boolean {
  return a !== undefined && a.host === b.host && a.port === b.port;
}

/** What a link of the module is used for. */
export interface LinkInfo {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** Which kind of connection uses it. */
  readonly kind: 'tcp' | 'udp' | 'transparent';
  /** `closing`: nothing can be sent any more; the module is being asked to close, or its buffer is being drained. */
  readonly state: 'opening' | 'open' | 'closing';
  /** The peer; undefined for a UDP socket that accepts datagrams from any sender. */
  readonly remote: Endpoint | undefined;
  /** Index of the server that accepted it. */
  readonly server: number | undefined;
}

/** Handles what happens on one link. It implements only the events that concern it. */
export interface LinkHandler {
  readonly info: LinkInfo;
  /** The module closed the link; see `LinkClosed.reason`. */
  closedByModule(reason: number): void;
  /**
   * Whether the link is in question, and why, while the module is being asked. What is read from a contested one may be
   * the client's, who may get what is written.
   */
  inQuestion?(doubt: Doubt | undefined): void;
  /** Whether something was read, or written, while its number was contested. */
  readonly wasUsed?: boolean;
  /** The link is gone together with the network or the session. */
  lost(error: Error): void;
  /**
   * The module gave the link to `successor`. What it answers to a read of this handler from now on
   * belongs to the successor.
   */
  replacedBy(successor: LinkHandler): void;
  /** The module holds data for the link. */
  dataWaiting?(): void;
  /**
   * A chunk that the module pushes; `remaining` bytes of its block are still to come. Returns whether the link gets data
   * that way.
   */
  pushed?(bytes: Uint8Array, remaining: number, from: Endpoint | undefined): boolean;
  /** The next block of the link's buffer arrived, complete, when no read waited for it any more. */
  orphanedRead?(chunks: readonly Payload[]): void;
  /** A block that was pushed in part will not be completed: it lost bytes on the line. */
  blockAbandoned?(): void;
  /** The last block that was pushed, or that was orphaned, lost bytes on the line. */
  framingLost?(): void;
  /** The module does not list the link any more, or lists another connection under its number; else `lost` is called. */
  unlisted?(error: Error): void;
  /** The peer was sent something that was meant for another one: the connection is of no use. */
  misdelivered?(): void;
}

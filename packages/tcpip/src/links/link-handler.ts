import type { Payload } from '@a7600/at-codec';

/** An address and a port of the other side. */
export interface Endpoint {
  /** An IP address, or a name where one is looked up. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** What a link of the module is used for. */
export interface LinkInfo {
  /** 0 to 9. */
  readonly link: number;
  readonly kind: 'tcp' | 'udp' | 'transparent';
  /** `closing`: nothing can be sent any more; the module is being asked, or read empty. */
  readonly state: 'opening' | 'open' | 'closing';
  /** The other side; undefined for a UDP socket that anybody may send to. */
  readonly remote: Endpoint | undefined;
  /** Index of the server that accepted it. */
  readonly server: number | undefined;
}

/** Who is told what happens on a link. */
export interface LinkHandler {
  readonly info: LinkInfo;
  /** The module holds data for the link, from that address if it says so. */
  dataWaiting(): void;
  /** A piece that the module pushes; `remaining` of its block are still to come. */
  pushed(bytes: Uint8Array, remaining: number, from: Endpoint | undefined): void;
  /** The next block of the link's buffer came, all of it, when no read waited for it any more. */
  orphanedRead(pieces: readonly Payload[]): void;
  /** The module closed the link; see `LinkClosed.reason`. */
  closedByModule(reason: number): void;
  /** The peer was sent something that was meant for another one: the connection is of no use. */
  misdelivered(): void;
  /** The link is gone together with the network or the session. */
  lost(error: Error): void;
  /** A notification may have been lost: looks after data if anybody wants some. */
  poll(): void;
  /**
   * The module gave the link to `successor`. What it answers to a read of this handler from now on is the
   * successor's.
   */
  replacedBy(successor: LinkHandler): void;
}

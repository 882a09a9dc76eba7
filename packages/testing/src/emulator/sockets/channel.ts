import type { Endpoint } from '../../networks/network.js';
import type { Chunk } from './unread.js';

/** Why a channel carries nothing more. */
export type ChannelEnd =
  /** The peer has closed in good order. */
  | 'closed'
  /** The peer broke it off. */
  | 'reset'
  /** The peer does not answer any more. */
  | 'timeout';

/** What a {@link Channel} tells its link. */
export interface ChannelEvents {
  /** Bytes that there is room for. */
  readonly receiveRoom: number;
  /** Takes as much of what came in as there is room for; returns how many bytes. */
  received(chunk: Chunk): number;
  /** The peer's TCP has acknowledged so many bytes more. */
  acknowledged(count: number): void;
  ended(why: ChannelEnd): void;
}

/** What a link is connected by: a TCP connection or a UDP port. */
export interface Channel {
  /** Bytes that were sent and not acknowledged. */
  readonly unacknowledged: number;
  /** Begins to receive, and to tell what happens. Called once. */
  start(events: ChannelEvents): void;
  /** Sends bytes; `to` where the link has no peer of its own. */
  send(bytes: Uint8Array, to?: Endpoint): void;
  /** There is room for more. What finds none waits here, or is lost in the case of UDP. */
  resume(): void;
  /** Ends it; what was sent before still goes out. */
  close(): void;
  /** Ends it at once, as a lost bearer or a restart does. */
  drop(): void;
}

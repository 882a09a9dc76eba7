/** When a call is forwarded: always, or in one of three cases. */
export type ForwardingReason = 'unconditional' | 'busy' | 'not answered' | 'unreachable';

/** Where the calls of a subscriber go. */
export interface Forwarding {
  /** To whom. */
  readonly number: string;
  /** Registered, but switched off, it does nothing. */
  readonly active: boolean;
  /** For `not answered`: how long it rings before, in s. */
  readonly seconds: number;
}

/** The forwarding of one subscriber, which its network keeps. */
export type Forwardings = Map<ForwardingReason, Forwarding>;

/** How often one call is forwarded at most, so that two subscribers cannot forward to each other for ever. */
export const MAX_FORWARDS = 5;

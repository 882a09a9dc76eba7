import type { Frame } from './frame.js';
import type { Signals } from './message.js';

/** Why a channel or the multiplexer ended. */
export type EndReason =
  /** This side asked for it and the module confirmed it. */
  | 'local'
  /** The module ended it. */
  | 'remote'
  /** The module refused it (DM). */
  | 'refused'
  /** The module did not answer, however often it was asked. */
  | 'unanswered';

/** One channel. One that is not there is closed. */
export interface Channel {
  /**
   * `opening`: SABM is unanswered. `confirming`: SABM is unanswered on an open channel, which asks whether the module
   * still holds it back. `closing`: DISC is unanswered.
   */
  readonly phase: 'opening' | 'open' | 'confirming' | 'closing';
  /** How often the command that is unanswered was sent. */
  readonly attempts: number;
  /** What this side drives. */
  readonly local: Signals;
  /**
   * What the module drives; `fc` means that it cannot take data. Undefined from when it is asked until it says so: what
   * is sent meanwhile could be lost.
   */
  readonly remote: Signals | undefined;
  /** How often the MSC command that is unanswered was sent; 0 when none is. */
  readonly signalAttempts: number;
}

/** PN for a channel is unanswered. */
export interface Negotiation {
  /** N1 that was asked for. */
  readonly asked: number;
  readonly attempts: number;
  /** What the module answered last, which was less than asked for. */
  readonly answered: number | undefined;
}

/** All that the multiplexer knows. */
export interface MultiplexerState {
  /** `opening`: SABM on DLCI 0 is unanswered. `closing`: the close-down command is. */
  readonly phase: 'opening' | 'open' | 'closing' | 'closed';
  readonly attempts: number;
  /** The module cannot take data on any channel (FCoff). */
  readonly isHeld: boolean;
  readonly channels: ReadonlyMap<number, Channel>;
  readonly negotiations: ReadonlyMap<number, Negotiation>;
  /** N1 of the channels for which the module has agreed to one. */
  readonly sizes: ReadonlyMap<number, number>;
}

/**
 * A timer: for the unanswered command of a DLCI (0: the multiplexer itself), for its MSC or its PN, or for how long it
 * is believed that the module holds it back (0: all channels), which it may still do while it does not say what it drives.
 */
export type TimerName = `${'command' | 'signals' | 'parameters' | 'hold'} ${number}`;

/** What can happen to a multiplexer. */
export type MultiplexerEvent =
  | { readonly kind: 'open' | 'close' | 'negotiate'; readonly dlci: number }
  /** This side drives other signals on a channel. */
  | { readonly kind: 'drive'; readonly dlci: number; readonly signals: Partial<Signals> }
  | { readonly kind: 'closeDown' }
  | { readonly kind: 'received'; readonly frame: Frame }
  | { readonly kind: 'expired'; readonly timer: TimerName };

/** What a multiplexer wants done. */
export type MultiplexerEffect =
  | { readonly kind: 'send'; readonly frame: Frame }
  /**
   * T1 for the acknowledgement of a frame, T2 for the response to a message, `hold` for a channel that is held back.
   * Restarts the timer.
   */
  | { readonly kind: 'start'; readonly timer: TimerName; readonly limit: 'T1' | 'T2' | 'hold' }
  | { readonly kind: 'stop'; readonly timer: TimerName }
  /** The multiplexer is up. */
  | { readonly kind: 'ready' }
  /** N1 that the module takes and keeps to on a channel; undefined where it does not negotiate. */
  | { readonly kind: 'negotiated'; readonly dlci: number; readonly frameSize: number | undefined }
  | { readonly kind: 'opened'; readonly dlci: number }
  | { readonly kind: 'closed'; readonly dlci: number; readonly reason: EndReason }
  | { readonly kind: 'data'; readonly dlci: number; readonly bytes: Uint8Array }
  /** The module drives other signals, or takes or refuses data on this channel. */
  | { readonly kind: 'signals'; readonly dlci: number; readonly signals: Signals }
  /** The module takes or refuses data on all channels. */
  | { readonly kind: 'held'; readonly isHeld: boolean }
  /** The multiplexer is gone, and all channels with it. */
  | { readonly kind: 'ended'; readonly reason: EndReason };

/** A state and what is to be done on entering it. */
export interface Step {
  readonly state: MultiplexerState;
  readonly effects: readonly MultiplexerEffect[];
}

/** What a host drives on a channel that it has just opened. Modules expect DV from a host, too. */
export const DRIVEN: Signals = { fc: false, rtc: true, rtr: true, ic: false, dv: true, brk: false };

/** What a module is taken to drive until it says so. */
export const ASSUMED: Signals = { fc: false, rtc: false, rtr: true, ic: false, dv: false, brk: false };

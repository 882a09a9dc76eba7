import type { Doubt, OperationKind } from './state.js';

/** What the module has at the link of the connection: it, the next client of its server, or nothing. */
export type LinkFound = 'open' | 'another' | 'gone';

/** What happens to the line. `now` is the time of the scheduler in ms. */
export type LineEvent = { readonly now: number } & (
  | {
      /** A command that connects is about to be sent, or the module announced a client (`announced`). */
      readonly kind: 'connecting';
      readonly announced: boolean;
    }
  /** `CONNECT`. */
  | { readonly kind: 'connected' }
  /** The command that connects was refused; `carrier` is false when the module says `NO CARRIER`. */
  | { readonly kind: 'refused'; readonly carrier: boolean }
  /** The command that connects was not answered in time. */
  | { readonly kind: 'unanswered' }
  /** The module may have left data mode. */
  | { readonly kind: 'doubted'; readonly doubt: Doubt }
  /** What raised the doubt can only be data after all. */
  | { readonly kind: 'trusted' }
  /** Commands wait that may interrupt data mode. */
  | { readonly kind: 'wanted' }
  /** A caller asks for something. */
  | { readonly kind: OperationKind; readonly id: number }
  /** The port has accepted everything that was written. */
  | { readonly kind: 'drained' }
  /** No payload is written any more; the last byte leaves the port at `silentFrom`. */
  | { readonly kind: 'held'; readonly silentFrom: number }
  /** The escape or the question was sent; its last byte leaves the port at `silentFrom`, `guard` ms of silence follow. */
  | { readonly kind: 'sent'; readonly silentFrom: number; readonly guard: number }
  /** Bytes arrived while an answer is awaited. */
  | { readonly kind: 'heard' }
  /** The answer that only the module can give. */
  | { readonly kind: 'proven' }
  /** Another answer; `contradicts` when it has the right form and the wrong number. */
  | { readonly kind: 'answered'; readonly contradicts: boolean }
  /** A timer fired. */
  | { readonly kind: 'time' }
  /** The module says whether it has the connection. */
  | { readonly kind: 'verified'; readonly link: LinkFound }
  /** The module has closed the connection as it was asked to. */
  | { readonly kind: 'freed' }
  /** Nothing that was received waits any more, and nothing arrives. */
  | { readonly kind: 'exhausted' }
  /** The module reports that the connection has ended. */
  | { readonly kind: 'linkClosed' }
  /** The connection is lost with the network or given up by its owner. */
  | { readonly kind: 'lost' }
  /** The port or the modem is gone. */
  | { readonly kind: 'ended' }
);

export type LineEventKind = LineEvent['kind'];

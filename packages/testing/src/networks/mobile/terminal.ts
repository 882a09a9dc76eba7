import type { CallEnd } from './call.js';
import type { Forwardings } from './forwarding.js';
import type { Deliver, StatusReport, Submit } from './tpdu/tpdu.js';
import type { UssdMessage } from './ussd.js';

/** A phone, or a module, that a mobile network reaches under a number. */
export interface Terminal {
  /**
   * Whether the network can reach it now; called before each delivery.
   *
   * @returns True when it is on and registered.
   */
  reachable(): boolean;
  /**
   * Takes a message or a report; false when there is no room for it, so that the network tries again.
   *
   * @param message What is delivered.
   * @returns Whether it was taken.
   */
  receive(message: Deliver | StatusReport): boolean;
  /**
   * A call comes in; false when it is busy.
   *
   * @param call This terminal's end of the call.
   * @returns Whether it rings.
   */
  ring(call: CallEnd): boolean;
  /**
   * Hears one page of a cell broadcast (3GPP TS 23.041).
   *
   * @param page Its 88 octets.
   */
  hearBroadcast?(page: Uint8Array): void;
  /**
   * The network says or asks something by itself.
   *
   * @param message What the subscriber is shown.
   */
  notify(message: UssdMessage): void;
}

/** The network as a terminal sees it. */
export interface Attachment {
  /** The number under which others reach it. */
  readonly number: string;
  /** Where its calls are forwarded to; change it at any time. */
  readonly forwardings: Forwardings;
  /**
   * Gives a message to the service centre.
   *
   * @param message What the terminal sends.
   * @returns The cause of a refusal (3GPP TS 24.011, 8.2.5.4), or what sends an accepted message on.
   */
  submit(message: Submit): { readonly cause: number } | { readonly forward: () => void };
  /**
   * Calls a number; the call is under way when this returns.
   *
   * @param number Whom.
   * @param withheld Keeps the own number from the other end. Default false.
   * @returns This end of the call.
   */
  dial(number: string, withheld?: boolean): CallEnd;
  /**
   * Sends a USSD string: a code, or an answer while the network waits for one.
   *
   * @param text For instance `*100#`.
   * @returns What the network answers.
   */
  ussd(text: string): UssdMessage;
  /** Ends a USSD session. */
  cancelUssd(): void;
  /** The terminal can be reached again, or has room again: what waits for it is delivered. */
  available(): void;
  /** Gives the number back: the network no longer reaches the terminal under it. */
  detach(): void;
}

import type { LinkState } from '@a7600/at-codec';
import type { DataWriter } from './data-writer.js';
import type { Ending } from './effects.js';

/** How data mode is left. */
export type LeaveBy = 'plus' | 'dtr';

/** The transparent connection that the line carries, as the line sees it. */
export interface Connection {
  readonly writer: DataWriter;
  readonly leaveBy: LeaveBy;
  /** Received bytes are wanted. */
  readonly hasDemand: boolean;
  /** Time in ms without a sign of life after which the module is asked; undefined never. */
  readonly confirmInterval: number | undefined;
  /** Commands that wait interrupt data mode. */
  readonly yields: boolean;
  /** A server accepted it: the next client is announced on the same line. */
  readonly isAccepted: boolean;
  /** Whether the link that the module has is this connection, and not the next one. */
  isCarriedBy(link: LinkState): boolean;
  /** Data mode begins, for the first time or again. */
  entered(): void;
  deliver(bytes: Uint8Array): void;
  /** The connection has ended; called once or more, the first counts. */
  ended(how: Ending): void;
  /** The link is free on the module. */
  freed(): void;
}

import type { Clock } from '../clock.js';
import type { Faults } from '../faults/faults.js';
import type { Fifo } from './fifo.js';
import type { SerialFormat } from './serial-format.js';

/** The serial line as the module sees it. */
export interface Line {
  /** Puts a unit on the line, after all that was sent before. */
  send(unit: Uint8Array): void;
  /** Bytes that were sent and are not through yet, or that the host has not taken. */
  readonly backlog: number;
  /** Speed, frame and flow control of the module's end, after all that was sent before. */
  configure(settings: LineSettings): void;
  /** Takes the line away; what is on it is lost. */
  disconnect(): void;
}

/** What AT commands set for the module's end of the line. */
export interface LineSettings {
  readonly format: SerialFormat;
  /** The module heeds the host's RTS (`AT+IFC=x,2`). */
  readonly heedsHost: boolean;
  /** The module holds the host back by its own RTS (`AT+IFC=2`). */
  readonly holdsHost: boolean;
}

/** What a {@link Line} needs of the module. */
export interface LineEnd {
  /** Bytes have come from the host. */
  receive(bytes: Uint8Array): void;
  /** Nothing that was sent is on the line any more. */
  drained(): void;
  /** What was received and not read. */
  readonly input: Fifo;
}

/** What else happens on a line. */
export interface LineContext {
  /** Stopped when the line is taken away. */
  readonly clock: Clock;
  readonly faults: Faults;
}

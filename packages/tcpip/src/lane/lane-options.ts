import type { Decoder } from '@a7600/at-codec';
import type { WireOptions } from './wire.js';

/** What a `Lane` works with. Times are in ms. */
export interface LaneOptions extends WireOptions {
  readonly decoder: Pick<Decoder, 'awaitPrompt' | 'expectEcho'>;
  readonly line: LaneLine;
  /** How many reads may share a command line; 1 none. */
  readonly joinedReads: number;
  /** Called when the module stops answering. */
  readonly onSilent: () => void;
  /** Called when the module echoes a command although it had stopped doing so. */
  readonly onEcho: () => void;
  /** Called when nothing comes any more: what the module has begun, a block perhaps, it will not complete. */
  readonly onStalled: () => void;
  /** The value of `AT+CSCLK` if it is known, for messages. */
  readonly sleepMode?: () => number | undefined;
  /** Called for each command that was not answered in time, and each time the lane has to resynchronise. */
  readonly onCount?: (what: 'unansweredCommands' | 'resynchronisations') => void;
}

/** The line that a lane shares with data mode. */
export interface LaneLine {
  /** Whether commands may be sent. */
  takesCommands(): boolean;
  /** A command waits that may not be sent. */
  wanted(): void;
  /** A command that leads to data mode was answered with `CONNECT`: the next byte is data. */
  connected(): void;
  /** Such a command was refused; `carrier` is false when the module says `NO CARRIER`. */
  refused(carrier: boolean): void;
  /** Such a command was not answered: whether the next byte is data is unknown. */
  unanswered(): void;
}

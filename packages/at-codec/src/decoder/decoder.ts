import type { Dialect } from './dialect.js';
import type { AtEvent } from './events.js';
import { StreamDecoder } from './stream-decoder.js';

/** Bounds of what a {@link Decoder} holds, in bytes. */
export interface DecoderLimits {
  /** The longest line that is still a line; a longer one is noise. Default 4096. */
  readonly line?: number;
}

/**
 * Turns the byte stream of a module into events, synchronously and without a clock.
 *
 * The wire means different things at different times, and the decoder is told, it never guesses:
 * lines; lines with a prompt awaited or with the echo of a payload expected; the block behind a
 * counted header; data mode. A mode set from inside the sink holds for the very next byte. Nothing
 * that is pushed makes it throw.
 */
export interface Decoder {
  /**
   * Decodes `chunk`, which must not be changed afterwards: events keep views of it. One that is
   * pushed from inside the sink is decoded when the chunk before it is done.
   */
  push(chunk: Uint8Array): void;
  /** Whether a bare `>` at the start of a line is a prompt; it is one once, then no more. */
  awaitPrompt(awaited: boolean): void;
  /**
   * The module will send `payload` back, as it does while its echo is on. Where a unit
   * begins the bytes are compared with it: all of it makes one `payload-echo` event; anything else
   * is lines, behind which the next unit is compared, until the command's final result. `undefined`
   * ends it.
   */
  expectEcho(payload: Uint8Array | undefined): void;
  /** From the next byte on everything is `data`, until {@link Decoder.lineMode}. */
  dataMode(): void;
  /** Back to lines, also out of a counted block that will not be completed. */
  lineMode(): void;
  /** The stream is over: gives out what was held as noise. */
  end(): void;
}

/**
 * Makes a {@link Decoder} that gives its events to `sink`, in order, while `push` runs. What the
 * sink throws goes to whoever pushed, and the rest of that chunk is lost.
 */
export function createDecoder(
  dialect: Dialect,
  sink: (event: AtEvent) => void,
  { line = 4096 }: DecoderLimits = {},
): Decoder {
  return new StreamDecoder(dialect, sink, line);
}

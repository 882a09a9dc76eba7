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
 * The caller states what the wire carries, because the bytes alone do not say it: lines; lines
 * while a prompt or the echo of a payload is expected; data mode. The decoder itself only enters
 * and leaves the block after a length-prefixed header. A mode that the sink sets applies to the
 * very next byte. No input makes the decoder throw.
 */
export interface Decoder {
  /** How many of the last bytes are the beginning of a frame, or of the expected echo, that is not complete yet. */
  readonly incomplete: number;
  /**
   * Decodes a chunk. A chunk that the sink pushes is decoded after the current one.
   *
   * @param chunk - Bytes of any number. The caller must not change them afterwards: events keep views.
   */
  push(chunk: Uint8Array): void;
  /**
   * Sets whether the next bare `>` at the start of a line is a prompt. One prompt ends the wait.
   *
   * @param awaited - Whether a prompt is awaited.
   */
  awaitPrompt(awaited: boolean): void;
  /**
   * Announces that the module will send `payload` back, as it does while its echo is on.
   * The decoder compares the start of each frame with it until the command's final result. A
   * complete match is one `payload-echo` event; anything else is lines.
   *
   * @param payload - The payload; undefined or empty cancels.
   */
  expectEcho(payload: Uint8Array | undefined): void;
  /** Enters data mode: every byte from the next one on is `data`, until {@link Decoder.lineMode}. */
  dataMode(): void;
  /** Returns to lines, also from a length-prefixed block that will not be completed. */
  lineMode(): void;
  /** Ends the stream: an incomplete frame is emitted as noise. */
  end(): void;
}

/**
 * Creates a {@link Decoder}.
 *
 * @param dialect - How the module's lines are recognised.
 * @param sink - Called with each event, in order, during `push`. An exception that it throws
 * leaves `push`, and the rest of that chunk is lost.
 * @param limits - Bounds of what the decoder holds.
 * @returns The decoder, in line mode.
 */
export function createDecoder(
  dialect: Dialect,
  sink: (event: AtEvent) => void,
  limits: DecoderLimits = {},
): Decoder {
  const { line = 4096 } = limits;
  return new StreamDecoder(dialect, sink, line);
}

import type { Line } from './line.js';

/**
 * What the decoder emits. The `raw` of exactly one event covers each byte, in order. Payload, data
 * and noise come in chunks of any size; every other event is complete.
 */
export type AtEvent = Line | Prompt | PayloadEcho | Payload | Overrun | Data | Noise;

/** The module requests the payload of the command in flight (`>` at the start of a line). */
export interface Prompt {
  /** The kind of event. */
  readonly kind: 'prompt';
  /** The bytes covered: padding and the `>`. */
  readonly raw: Uint8Array;
}

/** The echo of the payload of the command in flight (see `Decoder.expectEcho`). Keep it out of logs. */
export interface PayloadEcho {
  /** The kind of event. */
  readonly kind: 'payload-echo';
  /** The bytes covered: padding and the payload. */
  readonly raw: Uint8Array;
}

/** A chunk of the block whose length `header` stated. */
export interface Payload {
  /** The kind of event. */
  readonly kind: 'payload';
  /** The bytes: a view of the chunk that was pushed, never written to again. */
  readonly raw: Uint8Array;
  /** The line before the block: the same object for each chunk of a block. */
  readonly header: Line;
  /** Bytes of the block still to come. A service centre's address adds to it once its length has come. */
  readonly remaining: number;
}

/**
 * Bytes were lost inside the block of `header`: it ran over its end and took the beginning of what
 * follows, so its last bytes are no payload. Comes before the line that shows it.
 */
export interface Overrun {
  /** The kind of event. */
  readonly kind: 'overrun';
  /** Empty: the payload's events covered the bytes. */
  readonly raw: Uint8Array;
  /** The header of the damaged block. */
  readonly header: Line;
}

/** Bytes received in data mode. */
export interface Data {
  /** The kind of event. */
  readonly kind: 'data';
  /** The bytes: a view of the chunk that was pushed. */
  readonly raw: Uint8Array;
}

/** Bytes that are no line: longer than the limit, an impossible header, or cut off by the end of the stream. */
export interface Noise {
  /** The kind of event. */
  readonly kind: 'noise';
  /** The bytes covered. */
  readonly raw: Uint8Array;
}

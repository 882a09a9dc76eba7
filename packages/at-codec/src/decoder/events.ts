import type { Urc } from '../urc.js';
import type { BlockHeader, ResultCode } from './dialect.js';

/**
 * What the decoder emits. The `raw` of exactly one event covers each byte, in order. Payload, data
 * and noise come in chunks of any size; every other event is complete.
 */
export type AtEvent = Line | Prompt | PayloadEcho | Payload | Overrun | Data | Noise;

/**
 * One line of text.
 *
 * - `result`: a final result code (`OK`, `ERROR`, `+CME ERROR: …`, `CONNECT …`); see `result`.
 * - `urc`: a line that the dialect knows as unsolicited; see `urc`.
 * - `echo`: a command line that came back.
 * - `text`: any other line: information text, or something that nobody described.
 *
 * A line in the form of a URC may still answer the command in flight: offer a line to the command
 * first, and to subscribers of the URC only if the command does not claim it.
 */
export interface Line {
  readonly kind: 'result' | 'urc' | 'echo' | 'text';
  /** The bytes covered: padding before the text, the text, its line end. */
  readonly raw: Uint8Array;
  /** The text without line ends and surrounding blanks, a character for each byte (U+0000–U+00FF). */
  readonly text: string;
  /** The text before the colon: `+CIPOPEN`, `RECV FROM`; the whole text if there is none. */
  readonly name: string;
  /** The parameters after the name: blanks trimmed, quotes removed; quoted commas stay inside. */
  readonly fields: readonly string[];
  /** Field `index` (from 0), without making the others; undefined if it is missing. */
  field(index: number): string | undefined;
  /** Reads the line by a descriptor, once however often it is called. */
  read<T>(urc: Urc<T>): T | undefined;
  /** The number of fields. */
  readonly fieldCount: number;
  /** The number of fields if each of them is an integer, else -1. */
  readonly integerCount: number;
  /** Field `index` (from 0) as an integer; NaN if it is missing, empty, quoted or not an integer. */
  int(index: number): number;
  /** Whether field `index` is quoted. */
  quoted(index: number): boolean;
  /** How many payload bytes follow the line: 0 unless it is the header of a block. */
  readonly payloadLength: number;
  /** The result code of a `result` line. */
  readonly result: ResultCode | undefined;
  /** The descriptor that reads a `urc` line. */
  readonly urc: Urc<unknown> | undefined;
  /** The descriptor of the block header that the line is, also if no payload follows it. */
  readonly block: BlockHeader | undefined;
}

/** The module requests the payload of the command in flight (`>` at the start of a line). */
export interface Prompt {
  readonly kind: 'prompt';
  readonly raw: Uint8Array;
}

/** The echo of the payload of the command in flight (see `Decoder.expectEcho`). Keep it out of logs. */
export interface PayloadEcho {
  readonly kind: 'payload-echo';
  readonly raw: Uint8Array;
}

/** A chunk of the block whose length `header` stated. */
export interface Payload {
  readonly kind: 'payload';
  /** The bytes: a view of the chunk that was pushed, never written to again. */
  readonly raw: Uint8Array;
  readonly header: Line;
  /** Bytes of the block still to come. A service centre's address adds to it once its length has come. */
  readonly remaining: number;
}

/**
 * Bytes were lost inside the block of `header`: it ran over its end and took the beginning of what
 * follows, so its last bytes are no payload. Comes before the line that shows it. `raw` is empty.
 */
export interface Overrun {
  readonly kind: 'overrun';
  readonly raw: Uint8Array;
  readonly header: Line;
}

/** Bytes received in data mode. */
export interface Data {
  readonly kind: 'data';
  readonly raw: Uint8Array;
}

/** Bytes that are no line: longer than the limit, an impossible header, or cut off by the end of the stream. */
export interface Noise {
  readonly kind: 'noise';
  readonly raw: Uint8Array;
}

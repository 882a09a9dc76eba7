import type { Urc } from '../urc.js';
import type { CountedHeader, ResultCode } from './dialect.js';

/**
 * What the decoder makes of the bytes. Each byte is covered by the `raw` of exactly one event, in
 * order. Payload, data and noise come in pieces of any size; everything else is whole.
 */
export type AtEvent = Line | Prompt | PayloadEcho | Payload | Data | Noise;

/**
 * One line of text.
 *
 * - `result`: a final result code (`OK`, `ERROR`, `+CME ERROR: …`, `CONNECT …`); see `result`.
 * - `urc`: a line that the dialect knows as unsolicited; see `urc`.
 * - `echo`: a command line that came back.
 * - `text`: any other line: information text, or something that nobody described.
 *
 * A line in the form of a URC may still answer the command in flight; whoever runs commands asks
 * that command first.
 */
export interface Line {
  readonly kind: 'result' | 'urc' | 'echo' | 'text';
  /** The bytes covered: line ends and fill before the text, the text, its line end. */
  readonly raw: Uint8Array;
  /** The text without line ends and surrounding blanks, a character for each byte (U+0000–U+00FF). */
  readonly text: string;
  /** What the line begins with, up to its colon: `+CIPOPEN`, `RECV FROM`; the whole text without one. */
  readonly name: string;
  /** The parameters behind the name: blanks trimmed, quotes removed; quoted commas stay inside. */
  readonly fields: readonly string[];
  /** How many fields there are, without making them. */
  readonly count: number;
  /** How many fields there are when each one is an integer, else -1. */
  readonly integers: number;
  /** Field `index` (from 0) as an integer; NaN when it is missing, quoted or no plain number. */
  int(index: number): number;
  /** Whether field `index` stands in quotes. */
  quoted(index: number): boolean;
  /** How many payload bytes follow the line; 0 for most lines. */
  readonly announces: number;
  /** The result code, for `result` lines. */
  readonly result: ResultCode | undefined;
  /** The descriptor that reads the line, for `urc` lines. */
  readonly urc: Urc<unknown> | undefined;
  /** The counted header that the line is, whether or not it announces anything. */
  readonly counted: CountedHeader | undefined;
}

/** The module asks for the payload of the command in flight (`>` at the start of a line). */
export interface Prompt {
  readonly kind: 'prompt';
  readonly raw: Uint8Array;
}

/** The payload of the command in flight, sent back (see `Decoder.expectEcho`). Not for logs. */
export interface PayloadEcho {
  readonly kind: 'payload-echo';
  readonly raw: Uint8Array;
}

/** A piece of the counted block that `header` announced. */
export interface Payload {
  readonly kind: 'payload';
  /** The piece: a view of the chunk that came in, or all of it; never written to again. */
  readonly raw: Uint8Array;
  readonly header: Line;
  /** Bytes of the block still to come after this piece. */
  readonly remaining: number;
}

/** A piece of the stream while the line is in data mode. */
export interface Data {
  readonly kind: 'data';
  readonly raw: Uint8Array;
}

/** Bytes that are no line: longer than the limit, an impossible header, or cut off by the end. */
export interface Noise {
  readonly kind: 'noise';
  readonly raw: Uint8Array;
}

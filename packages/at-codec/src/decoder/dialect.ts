import type { Urc } from '../urc.js';
import type { Line } from './events.js';

/**
 * How one family of modules writes: plain data for the decoder. Extend one by spreading it:
 * `{ ...a7600, urcs: [...a7600.urcs, mine] }`.
 */
export interface Dialect {
  readonly name: string;
  /** Lines that end a command. */
  readonly results: readonly ResultCode[];
  /** Lines that come unasked. The first one that accepts a line wins. */
  readonly urcs: readonly Urc<unknown>[];
  /** Lines that announce a block of raw bytes. */
  readonly counted: readonly CountedHeader[];
}

/**
 * How a line is recognised by its beginning.
 *
 * - `name`: the text and then anything that cannot continue a name (`+CREG` in `+CREG: 1`).
 * - `line`: the text is the whole line (`SMS DONE`).
 * - `prefix`: the text and then anything (`+IPD` in `+IPD1460`).
 */
export type HeadMatch = 'name' | 'line' | 'prefix';

/** A final result code. */
export interface ResultCode {
  readonly text: string;
  readonly match: HeadMatch;
  /** Whether the command succeeded: `CONNECT` does, `NO CARRIER` does not. */
  readonly ok: boolean;
  /** It is about data mode, and ends no command but one that is to lead there. */
  readonly connects?: boolean;
}

/** A line behind whose end a block of raw bytes follows at once. */
export interface CountedHeader {
  readonly text: string;
  readonly match: HeadMatch;
  /** The bytes that follow; undefined when this line of that name announces none. */
  readonly count: (line: Line) => number | undefined;
  /** The most bytes such a line can announce; more makes it noise. */
  readonly max: number;
}

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
  /** Unsolicited lines. The first one that accepts a line wins. */
  readonly urcs: readonly Urc<unknown>[];
  /** Headers of length-prefixed blocks. */
  readonly blocks: readonly BlockHeader[];
}

/**
 * How a line is recognised by its prefix.
 *
 * - `name`: the text, then anything that cannot continue a name (`+CREG` in `+CREG: 1`).
 * - `line`: the text is the whole line (`SMS DONE`).
 * - `prefix`: the text, then anything (`+IPD` in `+IPD1460`).
 */
export type PrefixMatch = 'name' | 'line' | 'prefix';

/** A final result code. */
export interface ResultCode {
  readonly text: string;
  readonly match: PrefixMatch;
  /** Whether the command succeeded: `CONNECT` does, `NO CARRIER` does not. */
  readonly ok: boolean;
  /** The code is about data mode: it ends only commands that lead there. */
  readonly connects?: boolean;
}

/** The header of a length-prefixed block: raw bytes follow right after the end of such a line. */
export interface BlockHeader {
  readonly text: string;
  readonly match: PrefixMatch;
  /** How many bytes follow; undefined if none follow this line. */
  readonly length: (line: Line) => number | undefined;
  /** The longest block in bytes. A line that states more is noise. */
  readonly max: number;
  /**
   * Whether the block begins with the address of a service centre, which the length excludes: an octet
   * in hexadecimal that states how many more follow (3GPP TS 27.005, `<pdu>`).
   */
  readonly hasServiceCentre?: (line: Line) => boolean;
}

import type { BlockHeader, ResultCode, Urc } from './line.js';

/**
 * How one family of modules writes: plain data for the decoder. Extend one by spreading it:
 * `{ ...a7600, urcs: [...a7600.urcs, mine] }`.
 */
export interface Dialect {
  /** For messages and logs: `a7600`. */
  readonly name: string;
  /** Lines that end a command. */
  readonly results: readonly ResultCode[];
  /**
   * Unsolicited lines. Of those with one text and match, the first one that accepts a line wins; of several
   * matches of one text, the last one that fits.
   */
  readonly urcs: readonly Urc<unknown>[];
  /** Headers of length-prefixed blocks. */
  readonly blocks: readonly BlockHeader[];
}

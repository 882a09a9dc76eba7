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
  /** Unsolicited lines. The first one that accepts a line wins. */
  readonly urcs: readonly Urc<unknown>[];
  /** Headers of length-prefixed blocks. */
  readonly blocks: readonly BlockHeader[];
}

import type { BlockHeader, Line, PrefixMatch, ResultCode, Urc } from './line.js';

/** What is known of lines with one prefix. */
export interface Prefix {
  /** Empty for a line whose prefix the dialect does not know. */
  readonly text: string;
  readonly match: PrefixMatch;
  readonly result: ResultCode | undefined;
  readonly block: BlockHeader | undefined;
  /** What a line with this prefix is, as far as the prefix alone decides it. */
  readonly kind: Line['kind'];
  /** The URC that each line with this prefix is. */
  readonly urc: Urc<unknown> | undefined;
  /** If the prefix does not decide it: what a line is that one of the URCs accepts, in order. */
  readonly choice: readonly Prefix[];
}

/** Makes a {@link Prefix}. All of them have one shape, which the engine reads fastest. */
export function prefixOf(
  text: string,
  match: PrefixMatch,
  kind: Prefix['kind'],
  result?: ResultCode,
  block?: BlockHeader,
  urc?: Urc<unknown>,
  choice: readonly Prefix[] = [],
): Prefix {
  return { text, match, result, block, kind, urc, choice };
}

/** A line that begins with no prefix of the dialect. */
export const UNKNOWN_TEXT: Prefix = /* @__PURE__ */ prefixOf('', 'prefix', 'text');
/** The same, if it is a command line that came back. */
export const UNKNOWN_ECHO: Prefix = /* @__PURE__ */ prefixOf('', 'prefix', 'echo');

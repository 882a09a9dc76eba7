import { decisionOf } from './condition.js';
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

/**
 * What a line with this prefix is, as far as the number of its integers decides it: a prefix without a choice. If more
 * has to be known, or that number is not known, it is the prefix itself.
 */
export function decided(prefix: Prefix, integers: number | undefined): Prefix {
  for (const candidate of prefix.choice) {
    const accepts = candidate.urc?.accepts;
    if (accepts === undefined) return candidate;
    const accepted = integers === undefined ? undefined : decisionOf(accepts)?.(integers);
    if (accepted === undefined) return prefix;
    if (accepted) return candidate;
  }
  const { text, match, kind, result, block } = prefix;
  return prefix.choice.length === 0 ? prefix : prefixOf(text, match, kind, result, block);
}

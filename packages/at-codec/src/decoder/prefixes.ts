import { COLON, isPadding, LF } from './bytes.js';
import type { Dialect } from './dialect.js';
import type { BlockHeader, PrefixMatch, ResultCode, Urc } from './line.js';

/** What a dialect says about lines with one prefix. */
export interface Prefix {
  readonly text: string;
  readonly match: PrefixMatch;
  readonly result: ResultCode | undefined;
  readonly block: BlockHeader | undefined;
  /** What a line with this prefix is, as far as the prefix alone decides it. */
  readonly kind: 'result' | 'urc' | 'text';
  /** The URC that each line with this prefix is. */
  readonly urc: Urc<unknown> | undefined;
  /** If the prefix does not decide it: the URCs that may accept the line, in order. */
  readonly choice: readonly Urc<unknown>[] | undefined;
}

/** Finds the {@link Prefix} of a line, in a time that does not depend on the size of the dialect. */
export interface PrefixTable {
  /** Where the last {@link PrefixTable.find} stopped. No line ends before that index. */
  readonly stop: number;
  /**
   * Returns the longest prefix of the text that begins at `start` and ends at `limit` or earlier.
   * One with `match` `line` fits if the next byte may end the line.
   */
  find(bytes: Uint8Array, start: number, limit: number): Prefix | undefined;
}

const tables = new WeakMap<Dialect, PrefixTable>();

/** Returns the table of a dialect, which is built once. */
export function prefixTable(dialect: Dialect): PrefixTable {
  const known = tables.get(dialect);
  if (known !== undefined) return known;
  const table = new Trie(collect(dialect));
  tables.set(dialect, table);
  return table;
}

function collect(dialect: Dialect): Prefix[] {
  const { results, blocks, urcs } = dialect;
  const texts = new Map(
    [...results, ...blocks, ...urcs].map((entry) => [`${entry.match} ${entry.text}`, entry]),
  );
  return [...texts.values()].map(({ text, match }) => {
    const same = (entry: { readonly text: string; readonly match: PrefixMatch }) =>
      entry.text === text && entry.match === match;
    const result = results.filter(same).at(-1);
    const possible = result === undefined ? urcs.filter(same) : [];
    const [first] = possible;
    const urc = first?.accepts === undefined ? first : undefined;
    return {
      text,
      match,
      result,
      block: blocks.filter(same).at(-1),
      kind: result !== undefined ? 'result' : urc !== undefined ? 'urc' : 'text',
      urc,
      choice: first === urc ? undefined : possible,
    };
  });
}

/** A state of the trie has 2 to the power of this many transitions, one for each ASCII character. */
const SHIFT = 7;
const ASCII = 1 << SHIFT;
const NO_TRANSITION = 0;
const ROOT = ASCII;

/**
 * A trie in one typed array. A state is the index of its first transition, so the next state is
 * `next[state + byte]`. A transition into a state in which a text ends is negative.
 */
class Trie implements PrefixTable {
  stop = 0;
  private readonly next: Int32Array;
  /** The prefix that ends in a state, for each kind of {@link FOLLOWERS}, at `state * KINDS + kind`. */
  private readonly ending: (Prefix | undefined)[];
  /** 1 for each state in which a text ends that no longer text begins with. */
  private readonly last: Uint8Array;

  constructor(prefixes: readonly Prefix[]) {
    const texts = [...new Set(prefixes.map(({ text }) => text))];
    const next = new Int32Array(texts.reduce((sum, text) => sum + text.length, 2) << SHIFT);
    const ends: number[] = [];
    let free = ROOT + ASCII;
    for (const text of texts) {
      if (/[^ -~]/.test(text)) throw new RangeError(`"${text}" is not printable ASCII`);
      let state = ROOT;
      let transition = 0;
      for (const char of text) {
        transition = state + char.charCodeAt(0);
        if (next[transition] === NO_TRANSITION) {
          next[transition] = free;
          free += ASCII;
        }
        state = Math.abs(next[transition] as number);
      }
      next[transition] = -state;
      ends.push(state >> SHIFT);
    }
    this.next = next.slice(0, free);
    this.last = new Uint8Array(free >> SHIFT);
    this.ending = new Array<Prefix | undefined>((free >> SHIFT) * KINDS).fill(undefined);
    for (const [index, text] of texts.entries()) {
      const end = ends[index] as number;
      const fitting = prefixes.filter((prefix) => prefix.text === text);
      for (const [kind, byte] of FOLLOWERS.entries()) {
        this.ending[end * KINDS + kind] = fittingBefore(byte, fitting);
      }
      if (!texts.some((other) => other !== text && other.startsWith(text))) this.last[end] = 1;
    }
  }

  find(bytes: Uint8Array, start: number, limit: number): Prefix | undefined {
    const { next } = this;
    let found: Prefix | undefined;
    let state = ROOT;
    let at = start;
    while (at < limit) {
      const byte = bytes[at] as number;
      state = byte < ASCII ? (next[state + byte] as number) : NO_TRANSITION;
      if (state === NO_TRANSITION) break;
      at += 1;
      if (state > 0) continue;
      state = -state;
      const end = state >> SHIFT;
      const follower = FOLLOWER[at < limit ? (bytes[at] as number) : LF] as number;
      found = this.ending[end * KINDS + follower] ?? found;
      if (this.last[end] === 1) break;
    }
    this.stop = at;
    return found;
  }
}

/** One byte of each kind that may follow a text: continues a name, is padding, or neither. */
const FOLLOWERS = [0x41, LF, COLON] as const;
const KINDS = 3;

/** The kind of each byte, as an index of {@link FOLLOWERS}. */
const FOLLOWER = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) =>
  continuesName(byte) ? 0 : isPadding(byte) ? 1 : 2,
);

/** The last of `prefixes` whose `match` allows `byte` after the text. */
function fittingBefore(byte: number, prefixes: readonly Prefix[]): Prefix | undefined {
  return prefixes
    .filter(({ match }) => match === 'prefix' || (match === 'name' ? !continuesName(byte) : isPadding(byte)))
    .at(-1);
}

/** Letters, digits and underscores. */
function continuesName(byte: number): boolean {
  const letter = byte & 0xdf;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x41 && letter <= 0x5a) || byte === 0x5f;
}

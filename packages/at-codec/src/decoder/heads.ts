import type { Urc } from '../urc.js';
import { COLON, isFill, LF } from './bytes.js';
import type { CountedHeader, Dialect, HeadMatch, ResultCode } from './dialect.js';

/** All that a dialect says about lines of one beginning. */
export interface Head {
  readonly text: string;
  readonly match: HeadMatch;
  readonly result: ResultCode | undefined;
  readonly counted: CountedHeader | undefined;
  /** What a line with this head is, as far as the head decides that. */
  readonly kind: 'result' | 'urc' | 'text';
  /** The URC that every line with this head is. */
  readonly urc: Urc<unknown> | undefined;
  /** Where the head does not decide it: the URCs that a line with this head may be. */
  readonly choice: readonly Urc<unknown>[] | undefined;
}

/** Finds the {@link Head} of a line in time that depends on the line's beginning alone. */
export interface HeadTable {
  /** Where the last {@link HeadTable.find} stopped: no line ends in front of it. */
  readonly stop: number;
  /**
   * The head of the text that begins at `start` and ends in front of `limit` or earlier: the
   * longest if several fit. One with `match` `line` fits if what follows may be the line's end.
   */
  find(bytes: Uint8Array, start: number, limit: number): Head | undefined;
}

const tables = new WeakMap<Dialect, HeadTable>();

/** The table of a dialect, built once. */
export function headTable(dialect: Dialect): HeadTable {
  const known = tables.get(dialect);
  if (known !== undefined) return known;
  const table = new Trie(collect(dialect));
  tables.set(dialect, table);
  return table;
}

function collect(dialect: Dialect): Head[] {
  const { results, counted, urcs } = dialect;
  const texts = new Map(
    [...results, ...counted, ...urcs].map((entry) => [`${entry.match} ${entry.text}`, entry]),
  );
  return [...texts.values()].map(({ text, match }) => {
    const same = (entry: { readonly text: string; readonly match: HeadMatch }) =>
      entry.text === text && entry.match === match;
    const result = results.filter(same).at(-1);
    const possible = result === undefined ? urcs.filter(same) : [];
    const [first] = possible;
    const urc = first?.accepts === undefined ? first : undefined;
    return {
      text,
      match,
      result,
      counted: counted.filter(same).at(-1),
      kind: result !== undefined ? 'result' : urc !== undefined ? 'urc' : 'text',
      urc,
      choice: first === urc ? undefined : possible,
    };
  });
}

/** A state of the trie has 2 to the power of this many ways on: the characters that texts consist of. */
const SHIFT = 7;
const ASCII = 1 << SHIFT;
const NO_SUCH_BEGINNING = 0;
const ROOT = ASCII;

/**
 * A trie in one typed array. A state is the place where its ways on begin, so that the next one is
 * `next[state + byte]`. The way into a state in which a text ends is negative.
 */
class Trie implements HeadTable {
  stop = 0;
  private readonly next: Int32Array;
  /** By number of the state, times their number, and kind of {@link FOLLOWERS}: the head of the text in front of such a byte. */
  private readonly ending: (Head | undefined)[];
  /** States, by number, behind which there is nothing more to look for: no longer text begins with the one that ends there. */
  private readonly last: Uint8Array;

  constructor(heads: readonly Head[]) {
    const texts = [...new Set(heads.map(({ text }) => text))];
    const next = new Int32Array(texts.reduce((sum, text) => sum + text.length, 2) << SHIFT);
    const ends: number[] = [];
    let free = ROOT + ASCII;
    for (const text of texts) {
      if (/[^ -~]/.test(text)) throw new RangeError(`"${text}" is not printable ASCII`);
      let state = ROOT;
      let way = 0;
      for (const char of text) {
        way = state + char.charCodeAt(0);
        if (next[way] === NO_SUCH_BEGINNING) {
          next[way] = free;
          free += ASCII;
        }
        state = Math.abs(next[way] as number);
      }
      next[way] = -state;
      ends.push(state >> SHIFT);
    }
    this.next = next.slice(0, free);
    this.last = new Uint8Array(free >> SHIFT);
    this.ending = new Array<Head | undefined>((free >> SHIFT) * KINDS).fill(undefined);
    for (const [index, text] of texts.entries()) {
      const end = ends[index] as number;
      const fitting = heads.filter((head) => head.text === text);
      for (const [kind, byte] of FOLLOWERS.entries()) {
        this.ending[end * KINDS + kind] = fittingBefore(byte, fitting);
      }
      if (!texts.some((other) => other !== text && other.startsWith(text))) this.last[end] = 1;
    }
  }

  find(bytes: Uint8Array, start: number, limit: number): Head | undefined {
    const { next } = this;
    let found: Head | undefined;
    let state = ROOT;
    let at = start;
    while (at < limit) {
      const byte = bytes[at] as number;
      state = byte < ASCII ? (next[state + byte] as number) : NO_SUCH_BEGINNING;
      if (state === NO_SUCH_BEGINNING) break;
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

/** Of each kind of byte that may stand behind a text one: it goes on with a name, is fill, or neither. */
const FOLLOWERS = [0x41, LF, COLON] as const;
const KINDS = 3;

/** Which of {@link FOLLOWERS} a byte is like. */
const FOLLOWER = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) =>
  continuesName(byte) ? 0 : isFill(byte) ? 1 : 2,
);

/** The last one of `heads` that nothing forbids in front of `byte`. */
function fittingBefore(byte: number, heads: readonly Head[]): Head | undefined {
  return heads
    .filter(({ match }) => match === 'prefix' || (match === 'name' ? !continuesName(byte) : isFill(byte)))
    .at(-1);
}

/** Letters, digits and underscores. */
function continuesName(byte: number): boolean {
  const letter = byte & 0xdf;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x41 && letter <= 0x5a) || byte === 0x5f;
}

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

/** What ends in a state of the trie. */
interface Ending {
  /** The head of the text in front of a byte like each of {@link FOLLOWERS}. */
  readonly heads: readonly (Head | undefined)[];
  /** Whether no longer text begins with that one, so that there is nothing more to look for. */
  readonly last: boolean;
}

/**
 * A trie in one typed array: `next[(state << SHIFT) + byte]`, state 0 being "no such beginning" and
 * state 1 the root. The way into a state in which a text ends is negative; `endings` has the rest.
 */
class Trie implements HeadTable {
  stop = 0;
  private readonly next: Int16Array;
  private readonly endings: Ending[] = [];

  constructor(heads: readonly Head[]) {
    const texts = [...new Set(heads.map(({ text }) => text))];
    this.next = new Int16Array(texts.reduce((sum, text) => sum + text.length, 2) << SHIFT);
    let free = 2;
    for (const text of texts) {
      if (/[^ -~]/.test(text)) throw new RangeError(`"${text}" is not printable ASCII`);
      let state = 1;
      let way = 0;
      for (const char of text) {
        way = (state << SHIFT) + char.charCodeAt(0);
        if (this.next[way] === 0) this.next[way] = free++;
        state = Math.abs(this.next[way] as number);
      }
      this.next[way] = -state;
      const last = !texts.some((other) => other !== text && other.startsWith(text));
      const fitting = heads.filter((head) => head.text === text);
      this.endings[state] = { heads: FOLLOWERS.map((byte) => fittingBefore(byte, fitting)), last };
    }
  }

  find(bytes: Uint8Array, start: number, limit: number): Head | undefined {
    const { next } = this;
    let found: Head | undefined;
    let state = 1;
    let at = start;
    while (at < limit) {
      const byte = bytes[at] as number;
      state = byte < ASCII ? (next[(state << SHIFT) + byte] as number) : 0;
      if (state === 0) break;
      at += 1;
      if (state > 0) continue;
      state = -state;
      const { heads, last } = this.endings[state] as Ending;
      found = heads[FOLLOWER[at < limit ? (bytes[at] as number) : LF] as number] ?? found;
      if (last) break;
    }
    this.stop = at;
    return found;
  }
}

/** Of each kind of byte that may stand behind a text one: it goes on with a name, is fill, or neither. */
const FOLLOWERS = [0x41, LF, COLON] as const;

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

import type { Urc } from '../urc.js';
import type { CountedHeader, Dialect, HeadMatch, ResultCode } from './dialect.js';

/** All that a dialect says about lines of one beginning. */
export interface Head {
  readonly text: string;
  readonly match: HeadMatch;
  readonly result: ResultCode | undefined;
  readonly counted: CountedHeader | undefined;
  readonly urcs: readonly Urc<unknown>[];
}

/** Finds the {@link Head} of a line in time that depends on the line's beginning alone. */
export interface HeadTable {
  /** The head of the text in `bytes` from `start` to `end`, the longest if several fit. */
  find(bytes: Uint8Array, start: number, end: number): Head | undefined;
}

const tables = new WeakMap<Dialect, HeadTable>();

/** The table of a dialect, built once. */
export function headTable(dialect: Dialect): HeadTable {
  const known = tables.get(dialect);
  if (known !== undefined) return known;
  const table = build(collect(dialect));
  tables.set(dialect, table);
  return table;
}

function collect(dialect: Dialect): Head[] {
  const heads = new Map<string, { -readonly [K in keyof Head]: Head[K] }>();
  const head = (text: string, match: HeadMatch) => {
    const key = `${match} ${text}`;
    const known = heads.get(key);
    if (known !== undefined) return known;
    const fresh = { text, match, result: undefined, counted: undefined, urcs: [] };
    heads.set(key, fresh);
    return fresh;
  };
  for (const result of dialect.results) head(result.text, result.match).result = result;
  for (const counted of dialect.counted) head(counted.text, counted.match).counted = counted;
  for (const urc of dialect.urcs) {
    const entry = head(urc.text, urc.match);
    entry.urcs = [...entry.urcs, urc];
  }
  return [...heads.values()];
}

/** Symbols of the trie: the characters that texts consist of. */
const WIDTH = 128;

/**
 * A trie in one typed array: `next[state * WIDTH + byte]`, state 0 being "no such beginning" and
 * state 1 the root. `ends` has the heads whose text ends in a state.
 */
function build(heads: readonly Head[]): HeadTable {
  const states = heads.reduce((sum, { text }) => sum + text.length, 2);
  const next = new Uint16Array(states * WIDTH);
  const ends: (Head[] | undefined)[] = new Array(states).fill(undefined);
  let free = 2;
  for (const head of heads) {
    let state = 1;
    if (/[^ -~]/.test(head.text)) throw new RangeError(`"${head.text}" is not printable ASCII`);
    for (const char of head.text) {
      const slot = state * WIDTH + char.charCodeAt(0);
      if (next[slot] === 0) next[slot] = free++;
      state = next[slot] as number;
    }
    const others = ends[state];
    ends[state] = others === undefined ? [head] : [...others, head];
  }

  return {
    find(bytes, start, end) {
      let state = 1;
      let found: Head | undefined;
      for (let at = start; at < end; at++) {
        const byte = bytes[at] as number;
        if (byte >= WIDTH) break;
        state = next[state * WIDTH + byte] as number;
        if (state === 0) break;
        const candidates = ends[state];
        if (candidates === undefined) continue;
        for (let index = 0; index < candidates.length; index++) {
          const head = candidates[index] as Head;
          if (head.match === 'line' ? at + 1 === end : head.match === 'prefix' || closes(bytes, at + 1, end))
            found = head;
        }
      }
      return found;
    },
  };
}

/** Whether a name can end in front of `at`. */
function closes(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true;
  const byte = bytes[at] as number;
  const letter = byte & 0xdf;
  return !((byte >= 0x30 && byte <= 0x39) || (letter >= 0x41 && letter <= 0x5a) || byte === 0x5f);
}

import { COLON, isPadding, LF } from './bytes.js';
import type { Prefix } from './prefix.js';

/** Finds the {@link Prefix} of a line, in a time that does not depend on the size of the dialect. */
export interface PrefixTable {
  /** The texts of all prefixes. */
  readonly texts: readonly string[];
  /** Where the last {@link PrefixTable.find} stopped. No line ends before that index. */
  readonly stop: number;
  /**
   * Returns the longest prefix of the text that begins at `start` and ends at `limit` or earlier.
   * One with `match` `line` fits if the next byte may end the line.
   */
  find(bytes: Uint8Array, start: number, limit: number): Prefix | undefined;
}

/** A branch has 2 to the power of this many transitions, one for each ASCII character. */
const SHIFT = 7;
const ASCII = 1 << SHIFT;
const NO_TRANSITION = 0;
const ROOT = ASCII;
/** Stands after the rest of each text, and equals no byte. */
const END = 256;

/** A state: the texts that have their first `depth` characters in common. */
interface Group {
  readonly depth: number;
  readonly texts: readonly string[];
}

/**
 * A trie whose leaves hold all that is left of one text: names differ after a few characters, so the few
 * branches stay in the processor's cache.
 *
 * The number of a branch is the index of its first transition, so the next state is `next[state + byte]`.
 * The numbers from `leaves` on are leaves.
 */
export class Trie implements PrefixTable {
  stop = 0;
  readonly texts: readonly string[];
  private readonly next: Int32Array;
  private readonly leaves: number;
  /** Where in `rests` the rest of each leaf begins. */
  private readonly starts: Int32Array;
  private readonly rests: Uint16Array;
  /** 1 for each state in which a text ends. */
  private readonly ends: Uint8Array;
  /** The prefix that ends in a state, for each kind of {@link FOLLOWERS}, at `state * KINDS + kind`. */
  private readonly ending: readonly (Prefix | undefined)[];

  constructor(prefixes: readonly Prefix[]) {
    const texts = [...new Set(prefixes.map(({ text }) => text))];
    const wrong = texts.find((text) => /[^ -~]/.test(text));
    if (wrong !== undefined) throw new RangeError(`"${wrong}" is not printable ASCII`);
    this.texts = texts;
    const branches: Group[] = [{ depth: 0, texts }];
    const leaves: Group[] = [];
    const transitions: { readonly from: Group; readonly char: string; readonly to: Group }[] = [];
    for (const from of branches) {
      for (const [char, group] of byCharacter(from)) {
        const to = { depth: from.depth + 1, texts: group };
        transitions.push({ from, char, to });
        // A branch that is added here has its turn in this very loop.
        (group.length === 1 ? leaves : branches).push(to);
      }
    }
    const states = [...branches, ...leaves];
    const numbers = new Map(states.map((state, index) => [state, (index + 1) << SHIFT]));
    const numberOf = (state: Group) => numbers.get(state) as number;
    this.leaves = (branches.length + 1) << SHIFT;
    this.next = new Int32Array(this.leaves);
    for (const { from, char, to } of transitions) {
      this.next[numberOf(from) + char.charCodeAt(0)] = numberOf(to);
    }
    const rests: number[] = [];
    this.starts = Int32Array.from(leaves, ({ texts: [text = ''], depth }) => {
      const start = rests.length;
      rests.push(...codesOf(text.slice(depth)), END);
      return start;
    });
    this.rests = Uint16Array.from(rests);
    const ends = [
      undefined,
      ...branches.map(({ texts: several, depth }) => several.find(({ length }) => length === depth)),
      ...leaves.map(({ texts: [text] }) => text),
    ];
    this.ends = Uint8Array.from(ends, (text) => (text === undefined ? 0 : 1));
    this.ending = ends.flatMap((text) => {
      const fitting = prefixes.filter((prefix) => prefix.text === text);
      return FOLLOWERS.map((byte) => fittingBefore(byte, fitting));
    });
  }

  find(bytes: Uint8Array, start: number, limit: number): Prefix | undefined {
    const { next, leaves, ends } = this;
    let found: Prefix | undefined;
    let state = ROOT;
    let at = start;
    while (state < leaves && at < limit) {
      const byte = bytes[at] as number;
      state = byte < ASCII ? (next[state + byte] as number) : NO_TRANSITION;
      if (state === NO_TRANSITION) break;
      at += 1;
      if (state >= leaves) {
        const { rests } = this;
        let rest = this.starts[(state - leaves) >> SHIFT] as number;
        for (; at < limit && bytes[at] === rests[rest]; at++) rest += 1;
        if (rests[rest] !== END) break;
      } else if (ends[state >> SHIFT] === 0) continue;
      const follower = FOLLOWER[at < limit ? (bytes[at] as number) : LF] as number;
      found = this.ending[(state >> SHIFT) * KINDS + follower] ?? found;
    }
    this.stop = at;
    return found;
  }
}

/** Groups the texts that go on by the character with which they do. */
function byCharacter({ depth, texts }: Group): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const char = text[depth];
    if (char !== undefined) groups.set(char, [...(groups.get(char) ?? []), text]);
  }
  return groups;
}

const codesOf = (text: string) => Array.from(text, (char) => char.charCodeAt(0));

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

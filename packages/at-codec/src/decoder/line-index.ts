import { code } from './line-index-code.js';
import { decided, type Prefix } from './prefix.js';
import type { PrefixTable } from './trie.js';

/** What `assembly/line-index.ts` exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly INPUT: { readonly value: number };
  readonly LINES: { readonly value: number };
  readonly SLOTS: { readonly value: number };
  readonly NAMES: { readonly value: number };
  find(from: number, to: number, base: number): number;
  slot(address: number): number;
}

/** The part of the platform that matters here. */
interface Platform {
  readonly WebAssembly: {
    readonly Module: new (code: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
}

/** How many bytes are looked at in one go, unless the chunk is a little larger. */
const PART = 2048;
/** The longest name that is found. */
const NAME_SIZE = 16;
/** The number of a name is a byte. */
const MOST_NAMES = 255;
/** The longest text of a line that is found. */
export const LONGEST = 63;
/** What is said of a line's integers: nothing, that there are other parameters, or that there are 0 to 5. */
const COUNTS = [undefined, -1, 0, 1, 2, 3, 4, 5] as const;

/**
 * Finds many lines at once, by instructions that look at 16 bytes each: where they begin and end, their names, and how many
 * integers they have. It finds lines of the usual form only, and reports none where it is not certain.
 *
 * It is shared by all decoders of a dialect, so what it has found is valid until it is asked again.
 */
export class LineIndex {
  /** For each line: where its text ends, and twice its key, plus 1 if CR LF stands before its text. */
  readonly lines: Int32Array;
  /** The prefix by the key of a line; none where the table has to be asked. */
  readonly prefixes: (Prefix | undefined)[] = Array.from({ length: 2 * COUNTS.length });
  /** How often it has been asked. */
  asked = 0;
  private readonly memory: Uint8Array;
  private readonly input: number;
  private readonly run: Exports['find'];

  constructor(exports: Exports, table: PrefixTable) {
    const { memory, INPUT, LINES } = exports;
    this.memory = new Uint8Array(memory.buffer);
    this.input = INPUT.value;
    this.lines = new Int32Array(memory.buffer, LINES.value);
    this.run = exports.find;
    this.learn(exports, table);
  }

  /** Finds lines of `chunk` from `start` on, up to the first one of another form; returns how many. */
  find(chunk: Uint8Array, start: number): number {
    this.asked += 1;
    const { length } = chunk;
    if (length <= PART) {
      this.memory.set(chunk, this.input);
      return this.run(start, length, 0);
    }
    const part = chunk.subarray(start, start + PART);
    this.memory.set(part, this.input);
    return this.run(0, part.length, start);
  }

  /** Enters the names, for which the table is asked once. One whose slot is taken over is left to the table. */
  private learn({ slot, SLOTS, NAMES }: Exports, table: PrefixTable): void {
    const { memory, prefixes } = this;
    let number = 1;
    for (const text of table.texts) {
      if (text.length > NAME_SIZE || text.includes(':') || number > MOST_NAMES) continue;
      const line = Uint8Array.from(`${text}:`, (char) => char.charCodeAt(0));
      const name = NAMES.value + number * NAME_SIZE;
      memory.set(line.subarray(0, -1), name);
      memory[SLOTS.value + slot(name)] = number;
      number += 1;
      // What follows the colon may make it another name.
      const longer = table.texts.some((other) => other.startsWith(`${text}:`));
      for (const prefix of [
        longer ? undefined : table.find(line, 0, line.length),
        table.find(line, 0, text.length),
      ]) {
        const known = prefix?.text === text ? prefix : undefined;
        for (const count of COUNTS) prefixes.push(known && decided(known, count));
      }
    }
  }
}

const indices = new WeakMap<PrefixTable, LineIndex | null>();

/** Returns the index for the lines of a table; null where the platform has none. */
export function lineIndex(table: PrefixTable): LineIndex | null {
  let index = indices.get(table);
  if (index === undefined) {
    const exports = instance();
    index = exports === undefined ? null : new LineIndex(exports, table);
    indices.set(table, index);
  }
  return index;
}

/** Makes an instance with a memory of its own. A page may forbid that, and old engines do not know the instructions. */
function instance(): Exports | undefined {
  try {
    const { WebAssembly } = globalThis as unknown as Platform;
    const bytes = Uint8Array.from(code.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
  } catch {
    return undefined;
  }
}

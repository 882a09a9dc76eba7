// Speeds by chunk size, and the figures that are made of them.
import type { Row } from '../../../tools/bench.js';
import type { Contender } from './contenders.js';
import { cut } from './streams.js';

const SIZES = [16, 64, 512, 4_096, 65_536] as const;
/** The chunk sizes that most goals are about. */
export const LARGE = [512, 4_096, 65_536] as const;
/** Bytes of a stream for small chunks: of a long one there would be too many. */
export const SHORT = 4_000_000;
const ROUNDS = 9;

/** MB (10^6 bytes) for each second of the processor, by chunk size. */
export type Speeds = ReadonlyMap<number, number>;

/** Who is measured: the name, what it does, and a remark. */
export type Entry = readonly [label: string, contender: Contender, remark?: string];

/**
 * Measures all entries at each chunk size, prints a table and gives back a line of it for each. They
 * take turns, so that what else the machine does meets all of them.
 */
export async function measure<const Entries extends readonly Entry[]>(
  title: string,
  stream: Uint8Array,
  entries: Entries,
): Promise<{ readonly [Key in keyof Entries]: Speeds }> {
  const table = entries.map(() => new Map<number, number>());
  for (const size of SIZES) {
    const part = size < 512 ? stream.subarray(0, SHORT) : stream;
    const chunks = cut(part, size);
    const times = await takeTurns(
      entries.map(
        ([, contender]) =>
          () =>
            contender(chunks),
      ),
    );
    for (const [at, speeds] of table.entries()) speeds.set(size, part.length / (times[at] as number) / 1_000);
  }
  console.log(`\n${`${title}, MB/s`.padEnd(46)}${SIZES.map((size) => `${size} B`.padStart(9)).join('')}`);
  for (const [at, [label, , remark = '']] of entries.entries()) {
    const cells = [...(table[at] as Speeds).values()].map((speed) =>
      speed.toFixed(speed < 100 ? 1 : 0).padStart(9),
    );
    console.log(`  ${label.padEnd(44)}${cells.join('')}  ${remark}`.trimEnd());
  }
  return table as { readonly [Key in keyof Entries]: Speeds };
}

/**
 * The least times in ms of several things that are done in turn, after a warm-up: time of the
 * processor, since a clock also counts what else the machine does.
 */
export async function takeTurns(runs: readonly (() => unknown)[], rounds = ROUNDS): Promise<number[]> {
  const times = runs.map(() => Number.POSITIVE_INFINITY);
  for (let round = -2; round < rounds; round++) {
    for (const [at, run] of runs.entries()) {
      const start = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times[at] = Math.min(times[at] as number, (user + system) / 1_000);
    }
  }
  return times;
}

/** How often one speed goes into another, at each of these chunk sizes; at least `min`, if given. */
export function ratios(
  name: string,
  one: Speeds,
  other: Speeds,
  sizes: readonly number[],
  min?: number,
): Row[] {
  return sizes.map((size) => ({
    name: `${name}, ${size} B`,
    value: (one.get(size) ?? Number.NaN) / (other.get(size) ?? Number.NaN),
    unit: 'x',
    goal: min === undefined ? undefined : { min },
  }));
}

/** The fastest of several, at each chunk size. */
export function fastest(all: readonly Speeds[]): Speeds {
  return new Map(SIZES.map((size) => [size, Math.max(...all.map((of) => of.get(size) ?? 0))]));
}

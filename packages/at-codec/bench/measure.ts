// Measures contenders side by side: ratios are paired, and their median and spread are reported.
import { median, paired, type Row } from '../../../tools/bench.js';
import type { Contender, Outcome } from './contenders.js';
import { cut } from './streams.js';

const SIZES = [16, 64, 512, 4_096, 65_536] as const;
/** The chunk sizes that a port delivers under load. */
export const LARGE = [512, 4_096, 65_536] as const;
export const SMALL = [16, 64] as const;
/** Bytes of a stream for one run: long enough for the clock of the processor. */
export const LENGTH = 2_000_000;
const WARM_UP = 2;
const ROUNDS = 9;

/** Milliseconds of the processor of each round, by chunk size. */
export type Times = ReadonlyMap<number, readonly number[]>;

/** Who is measured: the name, what it does, and a remark. */
export type Entry = readonly [label: string, contender: Contender, remark?: string];

/**
 * Measures all entries at each chunk size and prints their speeds as it goes. In each round they take
 * turns, so that what else the machine does meets all of them.
 */
export async function measure<const Entries extends readonly Entry[]>(
  title: string,
  stream: Uint8Array,
  entries: Entries,
): Promise<{ readonly [Key in keyof Entries]: Times }> {
  const all = entries.map(() => new Map<number, readonly number[]>());
  console.log(`\n${title}, MB/s (median of ${ROUNDS} rounds)`);
  for (const size of SIZES) {
    const chunks = cut(stream, size);
    const times = await takeTurns(
      entries.map(
        ([, contender]) =>
          () =>
            contender(chunks),
      ),
    );
    console.log(`  in chunks of ${size} B`);
    for (const [at, [label, , remark = '']] of entries.entries()) {
      const mine = times[at] as readonly number[];
      all[at]?.set(size, mine);
      const speed = stream.length / median(mine) / 1_000;
      console.log(
        `    ${label.padEnd(46)}${speed.toFixed(speed < 100 ? 1 : 0).padStart(7)}  ${remark}`.trimEnd(),
      );
    }
  }
  return all as { readonly [Key in keyof Entries]: Times };
}

/** Returns the times in ms of the processor, round by round, of several things that are done in turn. */
export async function takeTurns(runs: readonly (() => unknown)[], rounds = ROUNDS): Promise<number[][]> {
  const times = runs.map((): number[] => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [at, run] of runs.entries()) {
      const start = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times[at]?.push((user + system) / 1_000);
    }
  }
  return times;
}

/** How many times as fast `one` is as `other`: the median of the rounds' ratios, and their quartiles. */
export function ratios(
  name: string,
  one: Times,
  other: Times,
  sizes: readonly number[],
  min?: number,
): Row[] {
  return sizes.map((size) => {
    const mine = one.get(size) ?? [];
    const pairs = (other.get(size) ?? []).map((time, round) => time / (mine[round] ?? Number.NaN));
    return {
      name: `${name}, ${size} B`,
      ...paired(pairs),
      unit: 'x',
      goal: min === undefined ? undefined : { min },
    };
  });
}

/** The fastest of several at each chunk size: the one with the least median. */
export function fastest(all: readonly Times[]): Times {
  const best = (size: number) =>
    all
      .map((times) => times.get(size) ?? [])
      .reduce((one, other) => (median(other) < median(one) ? other : one));
  return new Map(SIZES.map((size) => [size, best(size)]));
}

/** Throws unless every entry reports what the first one does. */
export async function assertSame(stream: Uint8Array, entries: readonly Entry[]): Promise<void> {
  for (const size of [16, 512]) {
    const chunks = cut(stream.subarray(0, 200_000), size);
    const outcomes: Outcome[] = [];
    for (const [, contender] of entries) outcomes.push(await contender(chunks));
    for (const [at, outcome] of outcomes.entries()) {
      if (JSON.stringify(outcome) === JSON.stringify(outcomes[0])) continue;
      const [label] = entries[at] as Entry;
      throw new Error(`${label} reports ${JSON.stringify(outcome)}, not ${JSON.stringify(outcomes[0])}.`);
    }
  }
}

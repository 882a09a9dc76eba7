// Speeds by chunk size, and the figures that are made of them.
import { median, type Row } from '../../../tools/bench.js';
import type { Contender } from './contenders.js';
import { cut } from './streams.js';

const SIZES = [16, 64, 512, 4_096, 65_536] as const;
/** The chunk sizes that most goals are about. */
export const LARGE = [512, 4_096, 65_536] as const;
/** Bytes of a stream for small chunks: of a long one there would be too many. */
export const SHORT = 4_000_000;

/** MB/s (10^6 bytes) by chunk size. */
export type Speeds = ReadonlyMap<number, number>;

/** The median time in ms of `run`: tried `rounds` times after a warm-up, more while there is `budget` (ms). */
export async function time(
  run: () => unknown,
  { rounds = 3, budget = 300 }: { readonly rounds?: number; readonly budget?: number } = {},
): Promise<number> {
  await run();
  const times: number[] = [];
  for (let spent = 0; times.length < rounds || spent < budget; ) {
    const start = performance.now();
    await run();
    const took = performance.now() - start;
    times.push(took);
    spent += took;
  }
  return median(times);
}

/** Prints the head of a table of {@link speedOf} lines. */
export function head(title: string): void {
  console.log(`\n${title.padEnd(46)}${SIZES.map((size) => `${size} B`.padStart(9)).join('')}`);
}

/** Measures one contender at each chunk size and prints it as a line of the table. */
export async function speedOf(
  label: string,
  stream: Uint8Array,
  contender: Contender,
  mark = '',
): Promise<Speeds> {
  const speeds = new Map<number, number>();
  for (const size of SIZES) {
    const part = size < 512 ? stream.subarray(0, SHORT) : stream;
    const chunks = cut(part, size);
    speeds.set(size, part.length / (await time(() => contender(chunks))) / 1_000);
  }
  const cells = [...speeds.values()].map((speed) => speed.toFixed(speed < 100 ? 1 : 0).padStart(9));
  console.log(`  ${label.padEnd(44)}${cells.join('')}  ${mark}`.trimEnd());
  return speeds;
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

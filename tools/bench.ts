import { writeFileSync } from 'node:fs';
import { readOptions } from './options.js';

// Parsed first: a mistake on the command line ends the process before the benchmark runs.
const options = readOptions('npm run bench:NAME -- [--check] [--json FILE]', {
  check: { type: 'boolean', default: false },
  json: { type: 'string' },
});

/** One figure of a benchmark. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The quartiles of what the value is the median of. */
  readonly spread?: readonly [number, number] | undefined;
  /** The limit that the value has to reach, or must not exceed. */
  readonly goal?: { readonly min: number } | { readonly max: number } | undefined;
}

/**
 * Prints the figures and their goals. `--json FILE` also writes them to a file. With `--check`, the process exits
 * with 1 if a goal is missed, and names each of these.
 */
export function report(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n`);
  const cells = rows.map((row) => [
    row.name,
    `${shown(row.value)} ${row.unit}`.trim(),
    row.spread === undefined ? '' : `(${row.spread.map(shown).join(' – ')})`,
    goalText(row),
    verdict(row),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((cell) => cell[column]?.length ?? 0)));
  for (const cell of cells) {
    const [name = '', value = '', spread = '', goal = '', outcome = ''] = cell;
    const [first = 0, second = 0, third = 0, fourth = 0] = widths;
    console.log(
      `${name.padEnd(first)}  ${value.padStart(second)}  ${spread.padEnd(third)}  ${goal.padEnd(fourth)}  ${outcome}`.trimEnd(),
    );
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ title, rows }, null, 2)}\n`);
  const missed = rows.filter((row) => !reached(row));
  for (const row of missed)
    console.log(`\nMissed: ${row.name}: ${shown(row.value)} ${row.unit}, ${goalText(row)}.`);
  if (options.check && missed.length > 0) process.exitCode = 1;
}

/** Returns the median of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((below ?? Number.NaN) + (above ?? Number.NaN)) / 2;
}

/** Measures both, the one first in one round and the other in the next: none has the advantage of being the first. */
export async function inTurns<T>(
  round: number,
  one: () => Promise<T>,
  other: () => Promise<T>,
): Promise<[one: T, other: T]> {
  if (round % 2 === 0) return [await one(), await other()];
  const second = await other();
  return [await one(), second];
}

/** The median of the ratios of paired measurements, and their quartiles beside it. */
export function paired(ratios: readonly number[]): Pick<Row, 'value' | 'spread'> {
  const sorted = [...ratios].sort((a, b) => a - b);
  const quartile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { value: median(ratios), spread: [quartile(0.25), quartile(0.75)] };
}

function reached({ value, goal }: Row): boolean {
  if (goal === undefined) return true;
  return 'min' in goal ? value >= goal.min : value <= goal.max;
}

function goalText({ goal }: Row): string {
  if (goal === undefined) return '';
  return 'min' in goal ? `goal ≥ ${goal.min}` : `goal ≤ ${goal.max}`;
}

function verdict(row: Row): string {
  if (row.goal === undefined) return '';
  return reached(row) ? 'ok' : 'MISSED';
}

function shown(value: number): string {
  return value >= 100 || value === 0 ? value.toFixed(0) : value.toPrecision(3);
}

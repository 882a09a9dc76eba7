// What the benchmarks of the packages share: timing, a table with goals, `--check` and `--json`.
//
//   --check        exit code 1 when a goal is missed, naming it
//   --json FILE    writes the figures, too
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What a figure has to be. */
export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
}

/** Collects figures, prints them, and says at the end whether all goals were met. */
export class Report {
  private readonly figures: Figure[] = [];
  private readonly options = parseArgs({
    options: { check: { type: 'boolean', default: false }, json: { type: 'string' } },
  }).values;

  heading(text: string): void {
    console.log(`\n${text}`);
  }

  /** Prints figures that belong in one row, and keeps each. */
  row(label: string, figures: readonly Figure[], mark = ''): void {
    this.figures.push(...figures);
    const cells = figures.map(({ value }) => number(value).padStart(9)).join('');
    console.log(`  ${label.padEnd(44)}${cells}  ${mark}`.trimEnd());
  }

  /** Prints a figure with its goal, and keeps it. */
  figure(figure: Figure): void {
    this.figures.push(figure);
    const { name, value, unit, goal } = figure;
    const wanted =
      goal === undefined ? '' : `   goal ${describe(goal, unit)}   ${met(figure) ? 'met' : 'MISSED'}`;
    console.log(`  ${name.padEnd(64)}${number(value).padStart(9)} ${unit}${wanted}`);
  }

  /** Does what the options ask for; the last call of a benchmark. */
  finish(): void {
    const { check, json } = this.options;
    if (json !== undefined) {
      const machine = { node: process.version, platform: process.platform, arch: process.arch };
      const figures = this.figures.map((figure) => ({ ...figure, met: met(figure) }));
      writeFileSync(json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
    }
    const missed = this.figures.filter((figure) => !met(figure));
    const goals = this.figures.filter(({ goal }) => goal !== undefined).length;
    console.log(`\n${goals - missed.length} of ${goals} goals met.`);
    if (!check) return;
    for (const { name, value, unit, goal = {} } of missed) {
      console.error(`Missed: ${name}: ${number(value)} ${unit}, goal ${describe(goal, unit)}`);
    }
    process.exitCode = missed.length === 0 ? 0 : 1;
  }
}

/** The median time in ms of `run`: tried `rounds` times after a warm-up, more while there is `budget` (ms). */
export async function time(
  run: () => void | Promise<void>,
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
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] as number;
}

function met({ value, goal = {} }: Figure): boolean {
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
  return value >= atLeast && value <= atMost;
}

function describe({ atLeast, atMost }: Goal, unit: string): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(atMost === undefined ? [] : [`<= ${atMost}`]),
  ];
  return `${bounds.join(', ')} ${unit}`;
}

function number(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

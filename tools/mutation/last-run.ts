import { readFileSync, writeFileSync } from 'node:fs';
import { unjudged } from './judged.js';
import type { Mutant } from './mutant.js';

/** What a first pass has left. */
export interface First {
  readonly left: readonly Mutant[];
  /** How many mutants are in code that runs when a module is loaded. */
  readonly loading: number;
}

/** What is kept of a run. */
interface Kept {
  readonly loading: number;
  /** Survivors that are not judged. */
  readonly open: readonly object[];
  /** All survivors. */
  readonly left: readonly object[];
}

const fileOf = (area: string) => `mutation-${area}.json`;

/** Keeps the survivors of a run for the next one, and for the one who judges them. */
export function remember(
  area: string,
  survivors: readonly Mutant[],
  open: readonly Mutant[],
  loading: number,
): void {
  const kept: Kept = { loading, open: open.map(unjudged), left: survivors.map(unjudged) };
  writeFileSync(fileOf(area), `${JSON.stringify(kept, null, 2)}\n`);
}

/** Returns those of `mutants` that the last run of an area left. */
export function leftBy(area: string, mutants: readonly Mutant[]): First {
  const { left, loading } = JSON.parse(readFileSync(fileOf(area), 'utf8')) as Kept;
  const names = new Set(left.map((each) => JSON.stringify(each)));
  return { left: mutants.filter((mutant) => names.has(JSON.stringify(unjudged(mutant)))), loading };
}

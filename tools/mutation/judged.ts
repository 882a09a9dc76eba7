import { existsSync, readFileSync } from 'node:fs';
import { type Mutant, onOneLine } from './mutant.js';

/**
 * The judgement on a mutant that no test kills.
 *
 * - `equivalent`: it does the same for every input.
 * - `speed`: it does the same, only slower or with more memory within the bounds.
 * - `to come`: it is a fault, and the test is still to be written.
 */
export type Verdict = 'equivalent' | 'speed' | 'to come';

/** A survivor and its verdict, with the reason. Lines may move: the text decides. */
export interface Judged {
  readonly file: string;
  readonly context: string;
  readonly original: string;
  readonly replacement: string;
  readonly verdict: Verdict;
  readonly why: string;
}

const fileOf = (area: string) => new URL(`./judged/${area}.json`, import.meta.url);

/** Returns the judged survivors of an area. */
export function readJudged(area: string): readonly Judged[] {
  const file = fileOf(area);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Judged[]) : [];
}

/** Returns what is known about a mutant. */
export function judgementOf(mutant: Mutant, judged: readonly Judged[]): Judged | undefined {
  return judged.find(
    ({ file, context, original, replacement }) =>
      file === mutant.file &&
      context === mutant.context &&
      original === onOneLine(mutant.original) &&
      replacement === onOneLine(mutant.replacement),
  );
}

/** Returns a survivor as an entry to be judged. */
export function unjudged({ file, context, original, replacement }: Mutant): Omit<Judged, 'verdict' | 'why'> {
  return { file, context, original: onOneLine(original), replacement: onOneLine(replacement) };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An entry of a table of reasons why no test cites something: `  'Q-16': 'the reason',`. */
const EXCUSES = /^ {2}'(Q-|pain point ).*',$/gm;

/** Returns those of `names` that no test file in `folder` cites. */
export function notNamedByTests(folder: string, names: readonly string[]): string[] {
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(EXCUSES, ''))
    .join('\n');
  return names.filter((name) => !new RegExp(`${name}(?![\\da-z])`).test(tests));
}

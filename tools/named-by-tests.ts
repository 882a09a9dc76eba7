import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An entry of a table that says why no test names something: `  'Q-16': 'the reason',`. */
const EXCUSES = /^ {2}'(Q-|pain point ).*',$/gm;

/** Those of `names` that no test file below `folder` mentions. */
export function notNamedByTests(folder: string, names: readonly string[]): string[] {
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(EXCUSES, ''))
    .join('\n');
  return names.filter((name) => !new RegExp(`${name}(?![\\da-z])`).test(tests));
}

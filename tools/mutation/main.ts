// npm run mutation -- AREA: changes the sources of an area a little, one change at a time, and reports
// the changes that no test notices. Takes minutes, so it is not part of CI.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { misused } from '../options.js';
import { areas } from './areas.js';
import { copyOf } from './copy.js';
import { filesOf } from './files.js';
import { instrument } from './instrument.js';
import { judgementOf, readJudged, unjudged } from './judged.js';
import type { Mutant } from './mutant.js';
import { pass, passAfresh } from './run.js';

/** The share of mutants that the tests of an area have to kill. */
const GOAL = 0.9;
/** Tests that have vitest or a whole folder to themselves, and those that need other programs. */
const NEVER = /\.system\.test\.ts$|readme\.test\.ts$|examples\.test\.ts$/;

const [name = '', ...rest] = process.argv.slice(2);
const area = areas[name];
if (area === undefined || rest.some((option) => option !== '--quick')) {
  misused(
    'npm run mutation -- AREA [--quick]',
    `AREA is one of ${Object.keys(areas).join(', ')}. --quick leaves out the confirming pass.`,
  );
}

const quick = rest.includes('--quick');
const root = fileURLToPath(new URL('../..', import.meta.url));
const judged = readJudged(name);
const copy = copyOf(root);
const testsOf = (globs: readonly string[]) => filesOf(copy, globs).filter((file) => !NEVER.test(file));
try {
  const mutants = await instrument(copy, area.mutate);
  const own = { copy, tests: testsOf(area.tests), full: false };
  const first = await pass(mutants, own);
  const left = [...first.survived, ...first.uncovered];
  console.log(`\n${name}: ${left.length} of ${mutants.length} mutants survive the tests of the area.`);
  const known = left.filter(isHopeless);
  const doubtful = left.filter((mutant) => !isHopeless(mutant));
  const wider = { copy, tests: testsOf([...area.tests, ...(area.wider ?? [])]), full: true };
  const second = quick ? undefined : await pass(doubtful, wider);
  const survivors = second === undefined ? doubtful : [...second.survived, ...second.uncovered];
  // What is worked out once and kept shows a mutant only to tests that begin with it.
  const fresh = quick || area.keeps !== true ? survivors : await passAfresh(survivors, own);
  report(mutants.length - first.loading.length, first.loading.length, known, fresh);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function report(
  total: number,
  ignored: number,
  known: readonly Mutant[],
  survivors: readonly Mutant[],
): void {
  const killed = total - known.length - survivors.length;
  const percent = (of: number) => `${((killed / of) * 100).toFixed(1)} %`;
  const open = survivors.filter((mutant) => judgementOf(mutant, judged) === undefined);
  console.log(
    `${name}: ${total} mutants, ${killed} killed: ${percent(total)} of all, ` +
      `${percent(total - known.length)} without the ${known.length} that change nothing; ` +
      `${survivors.length} others survive, ${open.length} of them not judged; ` +
      `${ignored} more are in code that runs when a module is loaded.`,
  );
  for (const { file, line, original, replacement } of open) {
    console.log(`${file}:${line}\n  - ${original.slice(0, 200)}\n  + ${replacement.slice(0, 200)}`);
  }
  writeFileSync(`mutation-${name}.json`, `${JSON.stringify(open.map(unjudged), null, 2)}\n`);
  if (killed < total * GOAL || open.length > 0) process.exitCode = 1;
}

/** No test can kill it, by an earlier judgement: it need not be tried again. */
function isHopeless(mutant: Mutant): boolean {
  const verdict = judgementOf(mutant, judged)?.verdict;
  return verdict === 'equivalent' || verdict === 'speed';
}

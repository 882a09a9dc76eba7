// npm run mutation -- AREA: changes the sources of an area a little, one change at a time, and reports
// the changes that no test notices. Takes minutes, so it is not part of CI.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { misused } from '../options.js';
import { areas } from './areas.js';
import { copyOf } from './copy.js';
import { filesOf } from './files.js';
import { instrument } from './instrument.js';
import { judgementOf, readJudged } from './judged.js';
import { type First, leftBy, remember } from './last-run.js';
import type { Mutant } from './mutant.js';
import { pass, passAfresh } from './run.js';

/** The share of mutants that the tests of an area have to kill. */
const GOAL = 0.9;
/** Tests that have vitest or a whole folder to themselves, and those that need other programs. */
const NEVER = /\.system\.test\.ts$|readme\.test\.ts$|examples\.test\.ts$/;

const [name = '', ...rest] = process.argv.slice(2);
const area = areas[name];
if (area === undefined || rest.some((option) => option !== '--quick' && option !== '--again')) {
  misused(
    'npm run mutation -- AREA [--quick | --again]',
    `AREA is one of ${Object.keys(areas).join(', ')}. --quick leaves out the confirming pass, --again the first one: ` +
      'it begins with what the last run left.',
  );
}

const quick = rest.includes('--quick');
const judged = readJudged(name);
const copy = copyOf(fileURLToPath(new URL('../..', import.meta.url)));
const testsOf = (globs: readonly string[]) => filesOf(copy, globs).filter((file) => !NEVER.test(file));
const own = { copy, tests: testsOf(area.tests), full: false };
try {
  const mutants = await instrument(copy, area.mutate);
  const first = rest.includes('--again') ? leftBy(name, mutants) : await firstPass(mutants);
  const known = first.left.filter(isHopeless);
  const doubtful = first.left.filter((mutant) => !isHopeless(mutant));
  const wider = { copy, tests: testsOf([...area.tests, ...(area.wider ?? [])]), full: true };
  const second = quick ? undefined : await pass(doubtful, wider);
  const survivors = second === undefined ? doubtful : [...second.survived, ...second.uncovered];
  // What is worked out once and kept shows a mutant only to tests that begin with it.
  const last = quick || area.keeps !== true ? survivors : await passAfresh(survivors, own);
  report(mutants.length - first.loading, first.loading, known, last);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

async function firstPass(mutants: readonly Mutant[]): Promise<First> {
  const { survived, uncovered, loading } = await pass(mutants, own);
  return { left: [...survived, ...uncovered], loading: loading.length };
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
  remember(name, [...known, ...survivors], open, ignored);
  if (killed < total * GOAL || open.length > 0) process.exitCode = 1;
}

/** No test can kill it, by an earlier judgement: it need not be tried again. */
function isHopeless(mutant: Mutant): boolean {
  const verdict = judgementOf(mutant, judged)?.verdict;
  return verdict === 'equivalent' || verdict === 'speed';
}

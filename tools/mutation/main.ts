// npm run mutation -- AREA: changes the sources of an area a little, one change at a time, and reports
// the changes that no test notices. Takes from minutes to an hour, so it is not part of CI.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { misused } from '../options.js';
import { areas } from './areas.js';
import { copyOf } from './copy.js';
import { judgementOf, readJudged, unjudged } from './judged.js';
import type { Mutant } from './mutant.js';
import { confirm, pass } from './run.js';

/** The share of mutants that the tests of an area have to kill. */
const GOAL = 0.9;

const [name = '', ...rest] = process.argv.slice(2);
const area = areas[name];
if (area === undefined || rest.some((option) => option !== '--quick')) {
  misused(
    'npm run mutation -- AREA [--quick]',
    `AREA is one of ${Object.keys(areas).join(', ')}. --quick leaves out the confirming pass.`,
  );
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = copyOf(root);
try {
  const first = pass(copy, area.mutate, area.tests);
  const total = first.killed + first.survived.length;
  console.log(`\n${name}: ${total} mutants, ${first.survived.length} survive the tests of the area.`);
  const judged = readJudged(name);
  const known = first.survived.filter((mutant) => isHopeless(mutant));
  const doubtful = first.survived.filter((mutant) => !known.includes(mutant));
  const tests = [...area.tests, ...(area.wider ?? [])];
  const survived = rest.includes('--quick') ? doubtful : confirm(copy, doubtful, tests);
  const remaining = [...known, ...survived];
  const share = 1 - remaining.length / total;
  const open = remaining.filter((mutant) => judgementOf(mutant, judged) === undefined);
  console.log(
    `${name}: ${total} mutants, ${((1 - remaining.length / total) * 100).toFixed(1)} % killed, ` +
      `${remaining.length} survive, ${open.length} of them not judged; ${first.ignored} ignored (static).`,
  );
  for (const { file, line, original, replacement } of open) {
    console.log(`${file}:${line}\n  - ${original.slice(0, 200)}\n  + ${replacement.slice(0, 200)}`);
  }
  writeFileSync(`mutation-${name}.json`, `${JSON.stringify(open.map(unjudged), null, 2)}\n`);
  if (share < GOAL || open.length > 0) process.exitCode = 1;

  /** No test can kill it, by an earlier judgement: it need not be tried again. */
  function isHopeless(mutant: Mutant): boolean {
    const verdict = judgementOf(mutant, judged)?.verdict;
    return verdict === 'equivalent' || verdict === 'speed';
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

// Runs the parts of .ci/parts.json, see .ci/run. Uses nothing that has to be installed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countChecks } from './count.mjs';
import { failuresIn } from './failures.mjs';
import { overBudget, runPlan } from './plan.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const plan = JSON.parse(readFileSync(join(root, '.ci', 'parts.json'), 'utf8'));
const started = Date.now();
const minutesSince = (since) => (Date.now() - since) / 60_000;

/** Runs one part; prints all its output at once when it ends, so that parts are not mixed up. */
function execute({ name, run }) {
  console.log(`${clock()}  started  ${name}: ${run}`);
  const since = Date.now();
  return new Promise((resolve) => {
    const child = spawn(run, {
      cwd: root,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The parts beside this one need a core too.
      env: { ...process.env, NX_PARALLEL: '1', VITEST_MAX_WORKERS: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) => {
      const exitCode = code ?? 1;
      const minutes = minutesSince(since);
      const verdict = exitCode === 0 ? 'passed' : 'failed';
      console.log(`\n===== ${name}: ${run}\n${output.trim()}`);
      console.log(`===== ${clock()}  ${verdict}  ${name}, ${minutes.toFixed(1)} min\n`);
      const failures = exitCode === 0 ? [] : failuresIn(output);
      resolve({ name, verdict, minutes, failures, ...countChecks(output, exitCode) });
    });
  });
}

function clock() {
  return `${minutesSince(started).toFixed(1).padStart(4)} min`;
}

const outcomes = await runPlan(plan, execute);
const minutes = minutesSince(started);
// Once more at the end, where a log that was cut still has them.
for (const { name, failures = [] } of outcomes) {
  if (failures.length > 0) console.log(`----- failed in ${name}\n${failures.join('\n')}\n`);
}
console.log('minutes  passed  failed  part');
for (const outcome of outcomes) {
  const cells = [outcome.minutes.toFixed(1).padStart(7), String(outcome.passed).padStart(6)];
  const note = outcome.verdict === 'skipped' ? ' (skipped: a part before it failed)' : '';
  console.log(`${cells.join('  ')}  ${String(outcome.failed).padStart(6)}  ${outcome.name}${note}`);
}
const exceeded = overBudget(plan, outcomes, minutes);
for (const sentence of exceeded) console.log(`Over budget: ${sentence} See .ci/parts.json.`);
console.log(`${minutes.toFixed(1)} of ${plan.minutes} minutes.`);
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
const failed = sum('failed') + exceeded.length;
console.log(`${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

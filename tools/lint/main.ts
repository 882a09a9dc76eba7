// Checks a project against the rules of this repository that biome does not know; see the checks beside this
// file. Usage, in the project's folder: main.ts [--left]. With --left it reports what is left of the checks
// that left.json does not yet demand of the project.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { entryReports } from '../api/entries.js';
import { staleMetadata } from '../metadata.js';
import { published } from '../published.mjs';
import { apiReports } from './api-reports.js';
import { boundaries } from './boundaries.js';
import { callbacks } from './callbacks.js';
import { cycles } from './cycles.js';
import { docstrings } from './docstrings.js';
import { folderDocstrings, layering } from './layers.js';
import left from './left.json' with { type: 'json' };
import { links } from './links.js';
import { pages } from './pages.js';
import { entrySources, programOf } from './program.js';
import { readSources, type Source, type Violation } from './source.js';
import { terms } from './terms.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = relative(root, process.cwd()).split(sep).join('/');
const isPackage = folder.startsWith('packages/');
const hasSources = existsSync('src');
const reportLeft = process.argv.includes('--left');
let compiled: ts.Program | undefined;

const tree = {
  exists: (path: string) => existsSync(join(root, path)),
  read: (path: string) => readFileSync(join(root, path), 'utf8'),
  packedIn: (path: string) => (published.includes(folder) && PACKED.test(path) ? folder : undefined),
};

/** What other programs write, and this one, whose sources have the words that it rejects. */
const GENERATED =
  /(^|\/)(node_modules|dist)\/|^apps\/docs\/(api|\.vitepress\/cache)\/|\.api\.md$|^tools\/lint\//;

/** Pages that are in a tarball. */
const PACKED = /^(packages\/[^/]+\/(README\.md|src\/)|apps\/cli\/README\.md)/;

/** Every check, and what it finds in this project. */
const checks: Readonly<Record<string, () => Violation[]>> = {
  boundaries: () => boundaries(sources()),
  cycles: () => cycles(sources()),
  layers: () => [...layering(sources()), ...folderDocstrings(sources())],
  callbacks: () => (isPackage ? callbacks(programSources(), program().getTypeChecker()) : []),
  docstrings: () => (isPackage ? docstrings(entrySources(root, folder), program()) : []),
  api: () => (isPackage ? apiReports(root, entryReports(root, folder, program())) : []),
  metadata: () => (published.includes(folder) ? metadata() : []),
  terms: () => texts().flatMap((path) => terms(path, readFileSync(join(root, path), 'utf8'))),
  pages: () =>
    pageFiles().flatMap((path) => pages(path, readFileSync(join(root, path), 'utf8'), readNear(path))),
  links: () => pageFiles().flatMap((path) => links(path, readFileSync(join(root, path), 'utf8'), tree)),
};

let violations = 0;
for (const [name, check] of Object.entries(checks)) {
  const demanded = !(left as Readonly<Record<string, readonly string[]>>)[name]?.includes(folder);
  if (demanded === reportLeft) continue;
  const found = check();
  for (const { path, line, message } of found) console.error(`${path}:${line}: ${message}`);
  if (found.length > 0) console.error(`${name}: ${found.length} in ${folder}`);
  violations += found.length;
}
if (violations > 0 && !reportLeft) process.exitCode = 1;

function sources(): Source[] {
  return hasSources ? readSources(root, folder) : [];
}

/** The sources as the compiler has read them, with types. */
function programSources(): Source[] {
  return sources().flatMap(({ path, text }) => {
    const tree = program().getSourceFile(join(root, path));
    return tree === undefined ? [] : [{ path, text, tree }];
  });
}

/** Fields of the manifest that `npm run metadata` would write otherwise. */
function metadata(): Violation[] {
  const stale = staleMetadata(folder, JSON.parse(readFileSync('package.json', 'utf8')));
  const message = `${stale.join(', ')} differ from tools/metadata.ts: run npm run metadata`;
  return stale.length === 0 ? [] : [{ path: `${folder}/package.json`, line: 1, message }];
}

function program(): ts.Program {
  compiled ??= programOf(root, folder);
  return compiled;
}

function pageFiles(): string[] {
  return texts().filter((path) => path.endsWith('.md'));
}

/** Reads files named relative to the project of a page: those of the root for its pages and those of docs. */
function readNear(page: string): (file: string) => string | undefined {
  const base = folder === 'tools' && !page.startsWith('tools/') ? '.' : folder;
  return (file) => {
    const path = join(root, base, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
}

/** Every source, test and page of the project; the pages of the root belong to the tools. */
function texts(): string[] {
  const below = (path: string, extensions: RegExp, recursive = true) =>
    readdirSync(join(root, path), { recursive, encoding: 'utf8' })
      .map((file) => join(path, file).split(sep).join('/'))
      .filter((file) => extensions.test(file) && !GENERATED.test(file));
  const own = below(folder, /\.(ts|mjs|md)$/);
  return folder === 'tools' ? [...own, ...below('docs', /\.md$/), ...below('.', /\.md$/, false)] : own;
}

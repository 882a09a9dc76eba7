// Starts a program of this clone from its sources. It keeps a bundle of them, because some six hundred files take a
// second to load, and makes it again when one of them has changed. `npm start`, `npm run a7600`, `npm run emulator` and
// `npm run example` are such starts.
//
//   node --conditions=@a7600/source tools/start.mjs FILE.ts …
import './setup.mjs';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [, , file] = process.argv;
if (file === undefined) {
  console.error('Say which program: node --conditions=@a7600/source tools/start.mjs FILE.ts …');
  process.exit(2);
}
const main = resolve(file);
const cache = join(root, 'node_modules/.cache/a7600');
/** The paths of the sources that the newest bundle of this program was made of. */
const list = join(cache, `${relative(root, main).replace(/\W+/g, '-')}.json`);
/** Bundles that no program has been started from for so many ms are removed. */
const KEPT = 24 * 60 * 60_000;

/** Bundles the packages of this clone and rxjs; every other package is loaded as it is. */
const fromHere = {
  name: 'from here',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || /^(@a7600|rxjs)(\/|$)/.test(path) ? undefined : { path, external: true },
    );
    // A source that names files near it finds them.
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const here = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', here) };
    });
  },
};

const bundle = await currentBundle();
// The program sees itself as what was started, and can start itself again: by `execPath`, `execArgv` and `argv[1]`.
process.argv.splice(1, 2, main);
process.execArgv.push(fileURLToPath(import.meta.url));
process.setSourceMapsEnabled(true);
await import(pathToFileURL(bundle ?? main).href);

/** Returns where the bundle of the sources is; undefined where none can be kept: the sources are loaded then. */
async function currentBundle() {
  const known = bundleOf(sourcesListed());
  if (known !== undefined && isThere(known)) return known;
  try {
    mkdirSync(cache, { recursive: true });
    return await makeBundle();
  } catch (error) {
    // The bundler has printed what is wrong.
    if (error.errors !== undefined) process.exit(1);
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
    await import('tsx/esm');
    return undefined;
  }
}

function sourcesListed() {
  try {
    return JSON.parse(readFileSync(list, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Where a bundle of sources is kept, by when they were changed; undefined if one of them is gone. */
function bundleOf(sources) {
  if (sources === undefined) return undefined;
  const hash = createHash('sha256').update(main);
  for (const path of sources) {
    const { mtimeMs, size } = statSync(join(root, path), { throwIfNoEntry: false }) ?? {};
    if (size === undefined) return undefined;
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return join(cache, hash.digest('hex').slice(0, 16), 'main.js');
}

async function makeBundle() {
  const { build } = await import('esbuild');
  const folder = join(cache, `making-${process.pid}`);
  // By Node, whose errors tell why it cannot be made.
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: main, out: 'main' }],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'node20',
    // Without the conditions of Node, rxjs is one of modules.
    platform: 'neutral',
    conditions: ['@a7600/source', 'es2015'],
    metafile: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'error',
    plugins: [fromHere],
  });
  const manifests = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}/package.json`),
  );
  const sources = [
    ...Object.keys(metafile.inputs),
    ...manifests,
    'package-lock.json',
    'tools/start.mjs',
  ].filter(isFile);
  const made = bundleOf(sources);
  removeOld();
  try {
    renameSync(folder, dirname(made));
  } catch (error) {
    // Another start has made the same one meanwhile.
    if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code) || !isThere(made)) throw error;
    rmSync(folder, { recursive: true });
  }
  writeFileSync(`${list}.${process.pid}`, JSON.stringify(sources));
  renameSync(`${list}.${process.pid}`, list);
  return made;
}

function removeOld() {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT) rmSync(path, { recursive: true, force: true });
  }
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
}

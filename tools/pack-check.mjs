// Packs what is published, installs each alone from its tarball, and uses it as its users would.
// Usage: npm run pack-check [-- NAME], with a name only that package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { published } from './published.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const work = mkdtempSync(join(tmpdir(), 'a7600-pack-'));

/** Optional peers that an entry cannot be imported without. */
const NEEDED = { '@a7600/testing/arbitraries': ['fast-check'], '@a7600/fleet/mqtt': ['mqtt'] };
/** What starts an emulated module, by the name of the program. */
const EMULATING = { 'a7600-emulator': '', a7600: 'emulate' };
/** Calls that succeed, by the name of the program. */
const SUCCEEDING = {
  'a7600-emulator': ['--help'],
  a7600: ['--help', 'doctor --emulated', 'completion bash'],
};
/** Entries whose types are those of Node. */
const FOR_NODE = /\/(cli|mqtt|node|serialport|tcp)$/;

const manifests = published.map((path) => {
  const folder = join(root, path);
  return { folder, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
});
const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;
const tarballs = new Map();
let checks = 0;
let failures = 0;

try {
  for (const { name, folder } of manifests) {
    const output = npm(['pack', '--json', '--pack-destination', work], folder);
    const packed = JSON.parse(output);
    const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
    tarballs.set(name, join(work, filename));
  }
  const [only] = process.argv.slice(2);
  for (const manifest of manifests) if (only === undefined || manifest.name === only) checkPackage(manifest);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${checks - failures} of ${checks} checks passed.`);
process.exit(failures === 0 ? 0 : 1);

function checkPackage(manifest) {
  const { name, folder } = manifest;
  check(`${name}: publint`, () => run('publint', ['--strict', '--pack', 'npm'], folder));
  if (manifest.exports !== undefined) {
    check(`${name}: types for every resolution`, () =>
      run('attw', [tarballs.get(name), '--profile', 'node16', '--no-emoji'], folder),
    );
  }

  const project = install(manifest);
  const alone = [];
  for (const entry of entriesOf(manifest)) {
    const extra = NEEDED[entry];
    const home = extra === undefined ? project : install(manifest, extra);
    checkEntry(entry, home);
    if (extra === undefined) alone.push(entry);
    else checkTypes([entry], home);
  }
  checkTypes(alone, project);
  for (const program of Object.keys(manifest.bin ?? {})) checkProgram(program, name, project);
}

/** The installed program runs from the project that it is in, also by npx, and ends when it is told to. */
function checkProgram(program, package_, project) {
  const path = join(project, 'node_modules', '.bin', program);
  for (const args of SUCCEEDING[program]) {
    check(`npx -p ${package_} ${program} ${args}`, () =>
      npm(['exec', '--offline', `--package=${package_}`, '--', program, ...args.split(' ')], project),
    );
  }
  check(`${program}: starts, and ends without a complaint`, () => {
    const script = `"$0" ${EMULATING[program]} --pty ./device > said 2> complaint & pid=$!
      for turn in $(seq 100); do test -L device && break; sleep 0.1; done
      test -c ./device && kill -INT $pid && wait $pid && ! test -e device && ! test -s complaint`;
    execFileSync('bash', ['-c', script, path], { cwd: project, stdio: 'pipe' });
  });
}

function entriesOf({ name, exports = {} }) {
  return Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => name + path.slice(1));
}

/** An empty project with the package, the packages that it depends on, and its declared peers. */
function install(manifest, extra = []) {
  const { name, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const project = join(work, [name.replace(/\W/g, '-'), ...extra].join('+'));
  mkdirSync(project);
  const dependencies = Object.fromEntries(
    [name, ...localDependencies(manifest)].map((local) => [local, `file:${tarballs.get(local)}`]),
  );
  for (const peer of Object.keys(peerDependencies)) {
    if (peerDependenciesMeta[peer]?.optional !== true || extra.includes(peer)) {
      dependencies[peer] = versions[peer];
    }
  }
  // Only seen by the checks that name it: an entry for any platform must do without.
  dependencies['@types/node'] = versions['@types/node'];
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  npm(
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps'],
    project,
  );
  return project;
}

function localDependencies({ dependencies = {} }) {
  const direct = Object.keys(dependencies).filter((name) => tarballs.has(name));
  const manifestOf = (name) => manifests.find((manifest) => manifest.name === name);
  return [...new Set(direct.flatMap((name) => [name, ...localDependencies(manifestOf(name))]))];
}

function checkEntry(entry, project) {
  const write = (file, text) => writeFileSync(join(project, file), text);
  const node = (file) => execFileSync(process.execPath, [file], { cwd: project, stdio: 'pipe' });

  write('static.mjs', `import * as all from '${entry}'; if (Object.keys(all).length === 0) process.exit(1);`);
  check(`${entry}: import`, () => node('static.mjs'));
  write('dynamic.mjs', `if (Object.keys(await import('${entry}')).length === 0) process.exit(1);`);
  check(`${entry}: import()`, () => node('dynamic.mjs'));
  write('required.cjs', `if (Object.keys(require('${entry}')).length === 0) process.exit(1);`);
  check(`${entry}: require`, () => node('required.cjs'));
}

/**
 * Entries that are installed in one project are checked in one program for each way to find modules: it reads the
 * declarations of their dependencies and of the platform once. Those for Node and those for any platform are apart.
 */
function checkTypes(entries, project) {
  for (const forNode of [false, true]) {
    const group = entries.filter((entry) => FOR_NODE.test(entry) === forNode);
    if (group.length === 0) continue;
    for (const [module, extensions] of [
      ['node16', ['mts', 'cts']],
      ['bundler', ['ts']],
    ]) {
      const files = extensions.flatMap((extension) =>
        group.map((entry) => {
          const file = `${entry.replace(/\W+/g, '-')}.${extension}`;
          const text = `import * as all from '${entry}';\nexport const names: string[] = Object.keys(all);\n`;
          writeFileSync(join(project, file), text);
          return file;
        }),
      );
      check(`TypeScript, ${module} (${extensions}): ${group.join(', ')}`, () =>
        compile(project, files, module, forNode),
      );
    }
  }
}

/** Throws if the files have an error, or if an entry for any platform reaches the types of Node. */
function compile(project, files, resolution, forNode) {
  const options = {
    module: resolution === 'bundler' ? 'esnext' : resolution,
    moduleResolution: resolution,
    target: 'es2022',
    types: forNode ? ['node'] : [],
    lib: forNode ? ['es2022'] : ['es2022', 'dom', 'esnext.disposable'],
  };
  const compilerOptions = { ...options, strict: true, noEmit: true, skipLibCheck: false, listFiles: true };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const read = run('tsc', ['-p', 'tsconfig.json'], project).toString();
  if (!forNode && read.includes('/@types/node/')) throw new Error(`An entry reads @types/node:\n${read}`);
}

function check(what, action) {
  checks += 1;
  const since = Date.now();
  try {
    action();
    console.log(`ok    ${what} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures += 1;
    const said = [error.stdout, error.stderr].map((output) => output?.toString().trim()).filter(Boolean);
    console.log(`FAIL  ${what}\n${said.join('\n') || error.message}`);
  }
}

function run(binary, args, cwd) {
  return execFileSync(join(binaries, binary), args, { cwd, stdio: 'pipe' });
}

function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli === undefined ? ['npm', []] : [process.execPath, [cli]];
  return execFileSync(command, [...first, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

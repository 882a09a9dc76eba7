// Prepares a clone: installs what the lock file names if it is missing or outdated, and compiles the line index.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileLineIndex } from './line-index.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node 20.19 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}

const reason = staleness();
if (reason !== undefined) {
  console.log(`Setting up (${reason}): installing what package-lock.json names …`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status } = spawnSync(
    command,
    [...args, 'ci', '--prefer-offline', '--loglevel=error', '--no-progress'],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) {
    console.error('The installation failed; the lines above say why.');
    process.exit(status ?? 1);
  }
  console.log('Set up.');
}
await compileLineIndex();

/**
 * Returns why an installation is due, undefined if none is. npm writes its record of what it installed last, so an
 * interrupted installation has none.
 */
function staleness() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'nothing is installed yet';
  const wanted = packages(join(root, 'package-lock.json'));
  const installed = packages(record);
  for (const [path, { version, integrity, optional, link }] of Object.entries(wanted)) {
    if (path === '' || !path.startsWith('node_modules/')) continue;
    const found = installed[path];
    if (found === undefined && optional) continue;
    if (found === undefined || (!link && (found.version !== version || found.integrity !== integrity))) {
      return `${path} is not what the lock file names`;
    }
  }
  return undefined;
}

function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

// Packs what is published, built before, into tarballs/, to be installed in other projects. Usage: npm run tarballs
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { published } from './published.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'tarballs');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);

const packages = published.map((path) => `--workspace=${path}`);
const npm = process.env.npm_execpath;
const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
execFileSync(command, [...args, 'pack', '--silent', `--pack-destination=${folder}`, ...packages], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
for (const name of readdirSync(folder)) console.log(`tarballs/${name}`);

// Builds packages and runs a benchmark on the result, in a process of its own. A mistake on the command line ends it
// before the build. Usage: built-bench.ts NAME [--check] [--json FILE]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const benches: Readonly<Record<string, { readonly projects: readonly string[]; readonly script: string }>> = {
  codec: { projects: ['@a7600/at-codec'], script: 'packages/at-codec/bench/index.ts' },
  commands: { projects: ['@a7600/tcpip'], script: 'packages/tcpip/bench/commands.ts' },
  scale: { projects: ['@a7600/tcpip'], script: 'packages/tcpip/bench/scale.ts' },
  goodput: { projects: ['@a7600/tcpip', '@a7600/testing'], script: 'packages/tcpip/bench/goodput.ts' },
};

const [name = ''] = process.argv.splice(2, 1);
const bench = benches[name];
if (bench === undefined) throw new Error(`There is no benchmark "${name}".`);
await import('./bench.js'); // reads the options

const root = join(import.meta.dirname, '..');
const run = (...args: string[]) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run('node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', '-p', bench.projects.join());
run('--expose-gc', '--import', 'tsx', bench.script, ...process.argv.slice(2));

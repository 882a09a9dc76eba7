// Builds packages and runs a benchmark on the result, in a process of its own. A mistake on the command line ends it
// before the build. Usage: built-bench.ts NAME [--check] [--json FILE]
//
// A benchmark of a few nanoseconds runs as one file of JavaScript: where tsx is loaded, it compiles the built package
// once more, which then reads the text of a line a sixth slower than in a program of its users. So does one that compares
// processor time with a goal.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundled } from './bundled.js';

interface Bench {
  readonly projects: readonly string[];
  readonly script: string;
  /** Whether it runs as one file of JavaScript. */
  readonly bundled?: true;
}

const benches: Readonly<Record<string, Bench>> = {
  codec: { projects: ['@a7600/at-codec'], script: 'packages/at-codec/bench/index.ts', bundled: true },
  commands: { projects: ['@a7600/tcpip'], script: 'packages/tcpip/bench/commands.ts' },
  scale: { projects: ['@a7600/tcpip'], script: 'packages/tcpip/bench/scale.ts', bundled: true },
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
const options = process.argv.slice(2);
if (bench.bundled) run('--expose-gc', await bundled(bench.script), ...options);
else run('--expose-gc', '--import', 'tsx', bench.script, ...options);

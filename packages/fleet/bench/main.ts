// `npm run bench:fleet`: runs the benchmark as one file of JavaScript. Where tsx is loaded, each function that is made gets
// its name once more, which the functions of a user's program do not.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { endingWithParent } from '../../../tools/programs.js';
// Reads the options: a mistake on the command line ends it here.
import '../../../tools/bench.js';

const script = new URL('fleet.ts', import.meta.url);
const outfile = fileURLToPath(new URL('../../../node_modules/.cache/a7600/bench-fleet.mjs', import.meta.url));
/** In the bundle: of the bundle itself, where the words in the code stand for the script. */
const OWN_URL = ['import', 'meta', 'url'].join('.');

await build({
  entryPoints: [fileURLToPath(script)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  conditions: ['@a7600/source'],
  external: ['esbuild', '@lydell/node-pty', 'serialport'],
  define: { 'import.meta.url': JSON.stringify(script.href) },
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(${OWN_URL});` },
});
const { status } = spawnSync(...endingWithParent(process.execPath, [outfile, ...process.argv.slice(2)]), {
  stdio: 'inherit',
});
process.exit(status ?? 1);

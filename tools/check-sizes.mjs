// Checks that the parts of a project keep to `sizes.mjs`. Usage: check-sizes.mjs [in its folder]
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { budgets } from './sizes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bytes of a bundle with these exports of a package's sources, minified and gzipped. */
export async function sizeOf({ folder, names }) {
  const what = names.includes('*') ? '*' : `{ ${names.join(', ')} }`;
  const { outputFiles } = await build({
    stdin: { contents: `export ${what} from './src/index.ts';`, resolveDir: join(root, folder) },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['rxjs'],
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

async function main() {
  const here = relative(root, process.cwd()).split(sep).join('/');
  for (const budget of budgets.filter(({ folder }) => folder === here)) {
    const { what, kB } = budget;
    const size = (await sizeOf(budget)) / 1000;
    console.log(`${here}, ${what}: ${size.toFixed(2)} kB of ${kB} kB min+gzip`);
    if (size > kB) process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();

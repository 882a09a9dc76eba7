// Compiles the part of the decoder that is WebAssembly, if it has changed. Usage: line-index.mjs
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../packages/at-codec', import.meta.url));
const source = join(folder, 'assembly/line-index.ts');
const target = join(folder, 'src/decoder/line-index-code.ts');

/** Writes `line-index-code.ts`, unless it was made from the very same sources. */
export async function compileLineIndex() {
  const hash = createHash('sha256')
    .update(readFileSync(source))
    .update(readFileSync(import.meta.filename));
  const mark = `// ${hash.digest('hex').slice(0, 16)}`;
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(mark)) return;
  const { main } = await import('assemblyscript/asc');
  let code;
  const { error, stderr } = await main(
    [
      'line-index.ts',
      '--enable',
      'simd',
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '1',
      '-o',
      'code',
    ],
    {
      readFile: (name) => (name === 'line-index.ts' ? readFileSync(source, 'utf8') : null),
      writeFile: (_, contents) => {
        code = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`The line index was not compiled:\n${stderr.toString()}`);
  writeFileSync(
    target,
    `${mark}\n// Compiled from assembly/line-index.ts.\n\n/** The code of the line index, in hexadecimal: compressed, it is smaller than in base64. */\nexport const code =\n  '${Buffer.from(code).toString('hex')}';\n`,
  );
}

if (process.argv[1] === import.meta.filename) await compileLineIndex();

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Subscription } from 'rxjs';

/** Bundles a program for plain Node, which starts it in a tenth of the time and without the compiler in its memory. */
export async function bundle(open: Subscription, file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'a7600-bundle-'));
  open.add(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'program.mjs');
  await build({
    entryPoints: [file],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    conditions: ['@a7600/source'],
    external: ['@lydell/node-pty', 'serialport'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

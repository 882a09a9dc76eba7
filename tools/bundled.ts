import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/**
 * Bundles a script as one file of JavaScript, which runs without tsx; what it imports from packages stays outside, and is
 * what was built.
 *
 * @param script its path from the project's root
 * @returns the file
 */
export async function bundled(script: string): Promise<string> {
  const outfile = join(root, 'node_modules/.cache/a7600', `bench-${basename(script, '.ts')}.mjs`);
  await build({
    entryPoints: [join(root, script)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  return outfile;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the built page. */
    page: string;
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds the page into a folder of its own and serves it on the loopback interface while the tests run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const outDir = mkdtempSync(join(tmpdir(), 'a7600-playground-'));
  const options = { root, configFile: `${root}vite.config.ts`, logLevel: 'error' } as const;
  await build({ ...options, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...options, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  provide('page', server.resolvedUrls?.local[0] ?? '');
  return async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
}

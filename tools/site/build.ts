// Builds the site, or serves it while its pages are edited. The API reference comes from the docstrings of the
// packages. Dead links, missing docstrings, types that are used and not exported, and resources of other hosts
// are errors. Usage: build.ts [--serve] [--pages]; --pages leaves the API reference as it is.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildPage } from 'vite';
import { build, createServer } from 'vitepress';
import { readOptions } from '../options.js';
import { writeApi } from './api.js';
import { browserFaults } from './browser.js';
import { siteFaults } from './check.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'apps/docs');
const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const usage = 'npm run docs:build -- [--pages], npm run docs -- [--pages]';
const { serve, pages } = readOptions(usage, { serve: { type: 'boolean' }, pages: { type: 'boolean' } });

try {
  if (!pages || !existsSync(join(folder, 'api', 'index.md'))) {
    console.log('Writing the API reference from the docstrings …');
    await writeApi(root, folder);
  }
  await (serve ? serveSite() : buildSite());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function serveSite(): Promise<void> {
  const server = await createServer(folder, { host: '127.0.0.1' });
  await server.listen();
  server.printUrls();
}

/** Builds the site, and checks what VitePress does not. */
async function buildSite(): Promise<void> {
  await build(folder);
  const site = join(folder, 'dist');
  await buildPlayground(join(site, 'playground'));
  const faults = siteFaults(site);
  if (existsSync(CHROMIUM)) faults.push(...(await browserFaults(site, CHROMIUM)));
  else console.log(`${CHROMIUM} does not exist: the site was not opened in a browser.`);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) throw new Error(`The site has ${faults.length} faults; the lines above name them.`);
  console.log('The site is in apps/docs/dist. Its links are valid, and it loads nothing from another host.');
}

/** Builds the playground as a part of the site. */
async function buildPlayground(outDir: string): Promise<void> {
  const playground = join(root, 'apps/browser');
  await buildPage({
    root: playground,
    configFile: join(playground, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
}

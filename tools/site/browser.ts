import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Pages with everything that the site has: diagrams, pictures, code, tables, the API reference. */
const PAGES = [
  '/',
  '/getting-started.html',
  '/guides/staying-online.html',
  '/architecture.html',
  '/api/',
  '/playground/',
];
/** A search, and a page that it has to find. */
const SEARCH = { text: 'ModemManager', page: 'getting-started' };
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/**
 * Opens pages of a built site in Chromium, light and dark.
 *
 * @param folder The folder of the built site.
 * @param executablePath The program Chromium.
 * @returns requests to other hosts, errors on the pages, and whether the search does not find.
 */
export async function browserFaults(folder: string, executablePath: string): Promise<string[]> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const file = join(folder, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : '');
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    return response
      .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      .end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme });
      faults.push(...(await visit(context, origin, colorScheme)));
      await context.close();
    }
    return faults;
  } finally {
    await browser.close();
    server.close();
  }
}

async function visit(context: BrowserContext, origin: string, scheme: 'light' | 'dark'): Promise<string[]> {
  const faults: string[] = [];
  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(origin) || /^(data|blob):/.test(url)) return route.continue();
    faults.push(`a page requests ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${page.url()} loads ${response.url()}: ${response.status()}`);
  });
  for (const path of PAGES) await page.goto(origin + path, { waitUntil: 'networkidle' });
  await page.goto(origin, { waitUntil: 'networkidle' });
  const isDark = await page.evaluate(() => document.documentElement.classList.contains('dark'));
  if (isDark !== (scheme === 'dark'))
    faults.push(`the page does not follow the ${scheme} scheme of the system`);
  await page.click('.VPNavBarSearch button');
  await page.fill('.VPLocalSearchBox input', SEARCH.text);
  const found = page.locator(`.VPLocalSearchBox .result[href*="${SEARCH.page}"]`).first();
  await found
    .waitFor({ timeout: 30_000 })
    .catch(() => faults.push(`the search for ${SEARCH.text} does not find ${SEARCH.page}`));
  return faults;
}

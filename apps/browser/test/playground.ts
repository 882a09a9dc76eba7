import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const root = fileURLToPath(new URL('..', import.meta.url));
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** A built playground in Chromium. */
export interface Playground {
  /**
   * Opens it. The test fails if the page reports a problem, or asks anybody but its own site for something.
   *
   * @param address what follows the address of the page: `?recording=…`
   * @param prepare called before the page is loaded
   */
  open(
    address?: string,
    options?: BrowserContextOptions,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page>;
  /** What the pages of the test reported. Empty it where that is expected. */
  readonly problems: string[];
}

/** Builds the playground once for the tests of a file, and closes each test's pages after it. */
export function playground(): Playground {
  const outDir = mkdtempSync(join(tmpdir(), 'a7600-playground-'));
  const problems: string[] = [];
  let server: PreviewServer;
  let browser: Browser;

  beforeAll(async () => {
    const options = {
      root,
      configFile: `${root}vite.config.ts`,
      logLevel: 'error',
      build: { outDir },
    } as const;
    await build({ ...options, build: { outDir, emptyOutDir: true } });
    server = await preview({ ...options, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  afterEach(async () => {
    const found = problems.splice(0);
    for (const context of browser.contexts()) await context.close();
    expect(found).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(outDir, { recursive: true, force: true });
  });

  return {
    problems,
    async open(address = '', options = {}, prepare) {
      const origin = server.resolvedUrls?.local[0] ?? '';
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (/^(?:error|warning)$/.test(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) problems.push(`a request to ${url}`);
      });
      await prepare?.(page);
      await page.goto(origin + address);
      return page;
    },
  };
}

/** Waits until an element has a text. */
export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: 60_000 });
}

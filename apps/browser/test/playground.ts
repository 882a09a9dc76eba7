import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Letters look alike on every machine that has the font.
  '--font-render-hinting=none',
  '--disable-lcd-text',
];

/** The built page in Chromium. */
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
  /** Chromium, once it runs. */
  readonly browser: () => Browser;
}

/** Starts Chromium for the tests of a file, and closes each test's pages after it. */
export function playground(): Playground {
  const problems: string[] = [];
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  afterEach(async () => {
    const found = problems.splice(0);
    for (const context of browser.contexts()) await context.close();
    expect(found).toEqual([]);
  });
  afterAll(() => browser?.close());

  return {
    browser: () => browser,
    async open(address = '', options = {}, prepare) {
      const origin = inject('page');
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      context.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) problems.push(`a request to ${url}`);
      });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (/^(?:error|warning)$/.test(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      await prepare?.(page);
      await page.goto(origin + address);
      return page;
    },
  };
}

/** Waits until an element shows a text. */
export async function shows(
  page: Page,
  selector: string,
  text: string | RegExp,
  timeout = 90_000,
): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout });
}

/** Replaces the program in the editor, and runs it. */
export async function runProgram(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await page.getByRole('button', { name: 'Run' }).click();
}

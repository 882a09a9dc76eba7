import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const root = fileURLToPath(new URL('..', import.meta.url));
let server: PreviewServer;
let browser: Browser;

beforeAll(async () => {
  const options = { root, configFile: `${root}vite.config.ts`, logLevel: 'error' } as const;
  await build(options);
  server = await preview({ ...options, preview: { port: 0, host: '127.0.0.1' } });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('emulator, decoder and sockets run in a real browser, over a Web Serial port', async () => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  await page.click('#emulated');
  await page.waitForFunction(() => document.querySelector('#result')?.textContent?.includes('came back'));
  expect(await page.textContent('#result')).toBe('all 20000 bytes came back');
  expect(await page.textContent('#log')).toContain('> AT+SERVERSTART=7,0\n< OK\n');
  await page.click('#stop');
  await page.waitForFunction(() => document.querySelector('#log')?.textContent?.includes('+NETCLOSE: 0'));
  expect(problems).toEqual([]);
});

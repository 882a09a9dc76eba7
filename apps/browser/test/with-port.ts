import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { FakePort } from './fake-ports.js';

/** Gives a page, and its worker, a `navigator.serial` with a port of this kind. */
export async function withPort(page: Page, kind: FakePort): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('fake-ports.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    conditions: ['@a7600/source'],
    write: false,
  });
  const fake = `globalThis.fakePort = ${JSON.stringify(kind)};\n${outputFiles[0]?.text}`;
  await page.context().route(/\/assets\/main-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${fake}\n${await response.text()}` });
  });
  await page.addInitScript(() => {
    const port = {};
    const serial = { requestPort: async () => port, getPorts: async () => [port] };
    Object.defineProperty(navigator, 'serial', { value: serial });
  });
}

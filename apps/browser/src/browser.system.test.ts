import { expect, test } from 'vitest';
import { playground, shows } from '../test/playground.js';

const { open } = playground();

test('an emulated module starts by itself, and an echo server on it returns every byte', async () => {
  const page = await open();
  await shows(page, '#result', 'All 20,000 bytes came back.');
  await shows(page, '.path .lit', 'Online');
  await shows(page, '.facts', 'Test Network');
  await shows(page, '.entry.payload', '\\x');
  expect(await page.locator('.path').first().locator('.lit').count()).toBe(5);
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { FakePort } from '../test/fake-ports.js';
import { playground, shows } from '../test/playground.js';
import { withPort } from '../test/with-port.js';

const { open } = playground();

async function withModem(kind: FakePort): Promise<Page> {
  const page = await open('', {}, (each) => withPort(each, kind));
  await page.getByText('My modem', { exact: true }).click();
  await page.getByRole('button', { name: 'Choose the port' }).click();
  await shows(page, '.dashboard h2', 'Serial port, 115,200 baud');
  return page;
}

async function verdictOf(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'Doctor' }).click();
  await page.getByRole('button', { name: 'Examine' }).click();
  const verdict = page.locator('.verdict code').first();
  await verdict.waitFor({ timeout: 90_000 });
  return (await verdict.textContent()) ?? '';
}

test('a module on a port is watched; unplugged, the page says so', async () => {
  const page = await withModem('good');
  await shows(page, '.facts', '-67 dBm');
  await page.evaluate(() => new BroadcastChannel('fake port').postMessage('unplug'));
  await shows(page, '.banner', 'Lost the serial port: the device was unplugged.');
  expect(await page.locator('.path .lit').count()).toBe(0);
});

test('a port that another program has open', async () => {
  const page = await withModem('taken');
  await shows(page, '.banner', 'another program');
  expect(await verdictOf(page)).toBe('PORT_FAILED');
  await shows(page, '.verdict', 'another program');
});

test('a port on which nothing answers', async () => {
  const page = await withModem('silent');
  await shows(page, '.recovery', 'probing');
  expect(await verdictOf(page)).toBe('MODULE_SILENT');
});

test('a module at another baud rate', async () => {
  const page = await withModem('wrong rate');
  expect(await verdictOf(page)).toBe('WRONG_RATE');
  await shows(page, '.verdict', '9600');
});

test('without Web Serial the page says what has it', async () => {
  const page = await open('', {}, (each) =>
    each.addInitScript(() => Object.defineProperty(navigator, 'serial', { value: undefined })),
  );
  await page.getByText('My modem', { exact: true }).click();
  await page.getByRole('button', { name: 'Choose the port' }).click();
  await shows(page, '.banner', 'This browser has no Web Serial.');
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { playground, runProgram, shows } from '../test/playground.js';

const { open } = playground();

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

test('an emulated module starts by itself, and an echo server on it returns every byte; each fault is shown and mended', async () => {
  const page = await open();
  await shows(page, '#result', 'All 20,000 bytes came back.');
  await shows(page, '.facts', 'Test Network');
  expect(await page.locator('.path').first().locator('.lit').count()).toBe(5);
  const isOnline = () => shows(page, '.recovery', 'Echo server is online.');

  await press(page, 'Lose the bearer');
  await shows(page, '.recovery', /Attempt \d in .* level/);
  expect(await page.locator('.path.small .lit').count()).toBe(1);
  await isOnline();

  await press(page, 'Restart the module');
  await shows(page, '.recovery', 'The module restarted');
  await isOnline();

  await press(page, 'Unplug for 3 s');
  await shows(page, '.recovery', /Attempt/);
  expect(await page.locator('.path').first().locator('.lit').count()).toBe(0);
  await isOnline();

  await press(page, 'Antenna off');
  await shows(page, '.facts', 'searching for a network');
  await press(page, 'Antenna off');
  await isOnline();

  await press(page, 'Drop bytes');
  await press(page, 'Call again');
  await shows(page, '.counters .warn', /[1-9]/);
  await press(page, 'Drop bytes');
  expect(await page.textContent('#result')).not.toContain('another one');
});

test('the programs of the page run, and one that is changed', async () => {
  const page = await open();
  await shows(page, '#result', 'All 20,000 bytes came back.');
  await tab(page, 'Try it');
  for (const [name, output] of [
    ['HTTP request', 'This page came through an emulated modem.'],
    ['UDP: ask for the time', /It is 20\d\d-.*Z\./],
    ['Reconnect', '1 came back.'],
    ['Watch the signal', '-67 dBm'],
  ] as const) {
    await page.locator('.try select').selectOption(name);
    await press(page, 'Run');
    await shows(page, '.output', output);
  }
  await press(page, 'Stop');
  await shows(page, '.recovery', 'Watch the signal: stopped.');
  await runProgram(page, "import { of } from 'rxjs';\nexport const program = of(");
  await shows(page, '.output', 'Unexpected');
  await runProgram(page, "import fs from 'node:fs';\nexport const program = fs;");
  await shows(page, '.output', 'The page has no package "node:fs"');
});

test('the terminal completes, explains and asks the module', async () => {
  const page = await open('#terminal');
  await shows(page, '#result', 'All 20,000 bytes came back.');
  await page.locator('.screen').click();
  await page.keyboard.type('at+cs');
  await page.keyboard.press('Tab');
  await page.keyboard.type('q');
  await page.keyboard.press('Enter');
  await shows(page, '.screen', '+CSQ: 23,');
  await page.keyboard.type('help AT+CIPOPEN\r');
  await shows(page, '.screen', 'application note, section 3.2');
  await tab(page, 'Try it');
  await press(page, 'Stop');
  await tab(page, 'Terminal');
  await page.locator('.screen').click();
  await page.keyboard.type('AT+CEREG?\r');
  await shows(page, '.screen', 'registered in the home network');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-terminal');
});

/** Drops a file on the page, as from the system. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], file));
      return data;
    },
    [name, text] as const,
  );
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

test('a recording that is dropped is read, explained, and saved again; a bundle shows its verdict', async () => {
  const page = await open('#dialogue');
  await shows(page, '.entry', 'AT');
  const bundle = readFileSync(
    fileURLToPath(new URL('../../../docs/program/no-apn.jsonl', import.meta.url)),
    'utf8',
  );
  await drop(page, 'no-apn.jsonl', bundle);
  await shows(page, '.dashboard h2', 'no-apn.jsonl');
  await page.getByLabel('Filter the dialogue').fill('csq');
  await page.getByRole('listbox').press('End');
  await page.getByRole('listbox').press('Home');
  await shows(page, '.explanation', 'AT+CSQ');
  await tab(page, 'Doctor');
  await shows(page, '.verdict', 'NO_APN');

  await drop(page, 'broken.jsonl', '{"format":');
  await shows(page, '.banner', 'is no JSON: the file was cut off or edited');
});

test('the dialogue is saved as a recording that can be opened, and as pcapng', async () => {
  const page = await open('?recording=demo.jsonl');
  await shows(page, '.dashboard h2', 'demo.jsonl');
  const saved = async (format: string) => {
    await page.getByLabel('Format to save').selectOption(format);
    const download = page.waitForEvent('download');
    await press(page, 'Save');
    return readFileSync(await (await download).path());
  };
  const recording = await saved('full recording');
  const demo = readFileSync(fileURLToPath(new URL('../public/demo.jsonl', import.meta.url)));
  expect(recording.equals(demo)).toBe(true);
  expect((await saved('recording')).toString()).toContain('█');
  expect((await saved('capture')).subarray(0, 4)).toEqual(Buffer.from('0a0d0d0a', 'hex'));
});

test('a program that does not return is noticed, and the page starts over', async () => {
  const page = await open();
  await shows(page, '#result', 'All 20,000 bytes came back.');
  await runProgram(page, 'for (;;);');
  await shows(page, '.banner', 'The program does not return control');
  await press(page, 'Start over');
  await shows(page, '#result', 'All 20,000 bytes came back.');
});

test('all of it works with the keyboard alone', async () => {
  const page = await open();
  await shows(page, '#result', 'All 20,000 bytes came back.');
  const focusOn = async (name: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
      });
      if (label.trim() === name) return;
    }
    throw new Error(`The Tab key does not lead to ${name}.`);
  };
  await focusOn('Lose the bearer');
  await page.keyboard.press('Enter');
  await shows(page, '.recovery', /Attempt/);
  await shows(page, '.recovery', 'Echo server is online.');
  await focusOn('Dialogue with the module');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await shows(page, '.explanation code', /\S/);
  await page.getByRole('tab', { name: 'Dialogue' }).focus();
  await page.keyboard.press('ArrowLeft');
  await focusOn('Examine');
  await page.keyboard.press('Enter');
  await shows(page, '.verdict', 'The modem works.');
});

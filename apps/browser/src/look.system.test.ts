import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import pixelmatch from 'pixelmatch';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { playground, shows } from '../test/playground.js';

const { open } = playground();

const WIDE = { width: 1280, height: 960 };
const NARROW = { width: 390, height: 844 };
const LOOKS: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['light', { viewport: WIDE, colorScheme: 'light', reducedMotion: 'reduce' }],
  ['dark', { viewport: WIDE, colorScheme: 'dark', reducedMotion: 'reduce' }],
  ['narrow-light', { viewport: NARROW, colorScheme: 'light', reducedMotion: 'reduce' }],
  ['narrow-dark', { viewport: NARROW, colorScheme: 'dark' }],
];
/** The pictures stand in the README and the guide. `UPDATE_PICTURES=1` takes them again. */
const pictures = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
const { UPDATE_PICTURES } = process.env;

/** Share of the pixels that may differ: letters are smoothed differently by other versions of Chromium. */
const TOLERANCE = 0.01;

/** A page with a recording, which looks the same each time. */
async function demo(options: BrowserContextOptions): Promise<Page> {
  const page = await open('?recording=demo.jsonl', options);
  await shows(page, '.dashboard h2', 'demo.jsonl');
  await page.addStyleTag({ content: ':root { --font: "DejaVu Sans"; --mono: "DejaVu Sans Mono"; }' });
  await page.locator('.u-over').nth(1).waitFor({ state: 'attached' });
  await page.getByLabel('Filter the dialogue').fill('CIP');
  const rows = page.getByRole('listbox');
  await rows.press('Home');
  for (let presses = 0; presses < 8; presses++) await rows.press('ArrowDown');
  await shows(page, '.explanation', 'CIP');
  await page.evaluate(() => scrollTo(0, 0));
  return page;
}

test.each(LOOKS)('the page looks as in the picture: %s', async (name, options) => {
  const page = await demo(options);
  await page.mouse.move(0, 0);
  const shot = PNG.sync.read(await page.screenshot());
  const file = join(pictures, `playground-${name}.png`);
  if (UPDATE_PICTURES !== undefined) writeFileSync(file, PNG.sync.write(shot));
  expect(existsSync(file)).toBe(true);
  const picture = PNG.sync.read(readFileSync(file));
  const { width, height } = picture;
  expect({ width: shot.width, height: shot.height }).toEqual({ width, height });
  const difference = new PNG({ width, height });
  const different = pixelmatch(picture.data, shot.data, difference.data, width, height, { threshold: 0.2 });
  if (different > TOLERANCE * width * height) {
    const folder = mkdtempSync(join(tmpdir(), 'a7600-pictures-'));
    writeFileSync(join(folder, 'shot.png'), PNG.sync.write(shot));
    writeFileSync(join(folder, 'difference.png'), PNG.sync.write(difference));
    throw new Error(`${different} pixels differ from ${file}; see ${folder}.`);
  }
});

/** The first and the last: both colour schemes, both widths. */
const EXTREMES = [LOOKS[0], LOOKS[3]] as typeof LOOKS;

test.each(EXTREMES)(
  'axe finds nothing on any view, nothing moves, nothing is cut off: %s',
  async (_, options) => {
    const page = await open('', options);
    await shows(page, '#result', 'All 20,000 bytes came back.');
    await page.evaluate(axe.source);
    for (const view of ['Dialogue', 'Try it', 'Terminal', 'Doctor']) {
      await page.getByRole('tab', { name: view }).click();
      if (view === 'Try it') await page.locator('.cm-content').waitFor();
      if (view === 'Terminal') await page.locator('.xterm-screen').waitFor();
      expect(await faultsOf(page)).toEqual([]);
    }
    for (const source of ['My modem', 'A recording']) {
      await page.getByText(source, { exact: true }).click();
      expect(await faultsOf(page)).toEqual([]);
    }
  },
);

/** What axe finds, what is animated, and how far the page is wider than its window. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    const { scrollWidth, clientWidth } = document.documentElement;
    return [
      ...violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
      ),
      ...document.getAnimations().map(() => 'something moves'),
      ...(scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} px too wide`] : []),
    ];
  });
}

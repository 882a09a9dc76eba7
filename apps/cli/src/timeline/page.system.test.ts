import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOf } from '@a7600/diagnostics/capture';
import { timelineOf } from '@a7600/diagnostics/timeline';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded } from '../../test/recorded.js';
import { pageOf } from './page.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a7600-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a real browser draws it without an error', async () => {
  const module = await recorded(new Subscription());
  await module.close();
  // What a person would do: zoom, point, click on a row; the title tells how it went.
  const probe = `<script>
    addEventListener('error', (event) => { document.title = 'failed: ' + event.message; });
    addEventListener('load', () => {
      const chart = document.getElementById('chart');
      const at = { clientX: 300, clientY: 40, bubbles: true, cancelable: true };
      chart.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -100 }));
      document.querySelector('tr[data-at]').click();
      for (let x = 110; x < chart.clientWidth; x++)
        chart.dispatchEvent(new PointerEvent('pointermove', { ...at, clientX: x, clientY: chart.getBoundingClientRect().top + 10 }));
      const ink = chart.getContext('2d').getImageData(0, 0, chart.width, chart.height).data.some((value) => value > 0);
      if (!document.title.startsWith('failed')) document.title = 'drawn ' + ink + ' ' + /AT/.test(document.getElementById('detail').textContent);
    });
  </script>`;
  const page = pageOf(timelineOf(entriesOf(module.text())), 'x').replace('<body>', `<body>${probe}`);
  const file = join(folder, 'page.html');
  writeFileSync(file, page);
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${folder}/profile`,
    '--dump-dom',
  ];
  const dom = execFileSync('chromium', [...flags, `file://${file}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(/<title>(.*?)<\/title>/.exec(dom)?.[1]).toBe('drawn true true');
});

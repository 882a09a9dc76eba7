import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { A7600, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';

const own = scratch();

async function metricsPort(): Promise<number> {
  const module = await moduleOnPty(own.open);
  const port = await freePort();
  const args = ['proxy', '--serial', module.path, '--listen', '0', '--metrics', `${port}`];
  await going(own.open, [...A7600, ...args]).says(/proxy on/);
  return port;
}

test('promtool finds nothing wrong, and the real Prometheus scrapes it', async () => {
  const port = await metricsPort();
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
  expect(text).toMatch(/^a7600_up 1$/m);

  const file = join(own.folder, 'prometheus.yml');
  writeFileSync(
    file,
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: modem\n    static_configs: [{ targets: ['127.0.0.1:${port}'] }]\n`,
  );
  const web = await freePort();
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${own.folder}/data`,
    `--web.listen-address=127.0.0.1:${web}`,
  ];
  const prometheus = going(own.open, ['prometheus', ...flags]);
  let value: string | undefined;
  while (value === undefined && prometheus.child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${web}/api/v1/query?query=a7600_up`).catch(() => undefined);
    const body = answer?.ok
      ? ((await answer.json()) as { data: { result: { value: [number, string] }[] } })
      : undefined;
    value = body?.data.result[0]?.value[1];
  }
  expect(value).toBe('1');
});

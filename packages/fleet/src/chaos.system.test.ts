import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../test/chaos/main.ts');

test('after kills, stops, cuts and silence nothing was executed late, twice or with an old lease, and no byte was lost', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=@a7600/source', '--import', 'tsx', MAIN, '--events', '16', '--seed', '1'],
    { encoding: 'utf8' },
  );
  expect(stdout).toContain('Nothing is wrong.');
  expect(status).toBe(0);
});

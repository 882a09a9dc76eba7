import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { endingWithParent } from '../../../tools/programs.js';

const paths = ['../../../tools/start.mjs', '../test/chaos/main.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

test('after kills, stops, cuts and silence nothing was executed late, twice or with an old lease, and no byte was lost', () => {
  const args = ['--conditions=@a7600/source', ...paths, '--events', '24', '--seed', '1'];
  const { status, signal, stdout, stderr } = spawnSync(...endingWithParent(process.execPath, args), {
    encoding: 'utf8',
  });
  // What it has said on its way is wanted where it has failed.
  expect({ status, signal, said: stdout, way: stderr }).toMatchObject({
    status: 0,
    said: expect.stringContaining('Nothing is wrong.'),
  });
});

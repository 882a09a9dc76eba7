import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });

test.each([
  ['a benchmark on built packages', ['tools/built-bench.ts', 'codec', '--chek'], "Unknown option '--chek'"],
  [
    'the fuzzer',
    ['--conditions=@a7600/source', 'tools/fuzz.ts', '--minutes', 'many'],
    '--minutes must be a number',
  ],
  ['the newcomer', ['tools/newcomer/main.ts', '--nod', '22'], "Unknown option '--nod'"],
])('a mistake on the command line of %s ends it with 2, before it does anything', (_, args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect(stderr).toContain(message);
  expect([status, stdout]).toEqual([2, '']);
});

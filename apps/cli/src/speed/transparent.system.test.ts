import { expect, test } from 'vitest';
import { program } from '../../test/program.js';
import { allowed } from './allowed.js';

// The guard times around each escape take seconds.
test('measures transparent mode, in which the line itself is the connection', async () => {
  const args = ['--emulated', '--bytes', '10000', '--receive', 'transparent', '--json'];
  const { code, output } = await program('speed', ...args);
  expect(code).toBe(0);
  const { up, down, limits } = JSON.parse(output);
  expect([up.bytes, down.bytes > 0, limits.receive]).toEqual([10_000, true, 'transparent']);
  const line = { baudRate: 115_200, turnaround: 10, receive: 'transparent' } as const;
  expect([allowed('up', line), allowed('down', line)]).toEqual([11_520, 11_520]);
});

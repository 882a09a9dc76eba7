import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { endingWithParent } from '../../../tools/programs.js';

const [START, PARENT] = ['../../../tools/start.mjs', '../test/processes/parent.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
) as [string, string];

/** Name and state of a process, of `/proc/PID/stat` (proc(5)); undefined when there is none. */
function processOf(pid: string): { readonly name: string; readonly state: string } | undefined {
  try {
    const [, name = '', state = ''] =
      /^\d+ \((.*)\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, state };
  } catch {
    return undefined;
  }
}

test('what a test has started ends with it, also when the test is killed and the program is stopped', async () => {
  const args = ['--conditions=@a7600/source', START, PARENT];
  const parent = spawn(...endingWithParent(process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(parent, 'exit').then(() =>
    Promise.reject(new Error('The parent ended before its time.')),
  );
  await Promise.race([once(parent.stdout, 'data'), ended]);
  ended.catch(() => {});
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ');
  // A child bears the name of what sets its parent's death signal until that has made it the program.
  const named = (name: string) => children.filter((pid) => processOf(pid)?.name === name).length;
  for (const [name, count] of [
    ['nats-server', 1],
    ['mosquitto', 1],
    ['mosquitto_sub', 1],
    ['node', 2],
  ] as const) {
    await expect.poll(() => named(name), { message: name }).toBe(count);
  }
  parent.kill('SIGKILL');
  // One without a state is gone; Z is one that has ended while its new parent has not asked for it yet.
  const left = () => children.filter((pid) => !['Z', undefined].includes(processOf(pid)?.state));
  await expect.poll(left).toEqual([]);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { A7600, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';
import { socketFolder } from './places.js';

// Two programs, and one port.

const own = scratch();

test('a port that another a7600 has: it is named, and its line is shared', async () => {
  const env = { XDG_RUNTIME_DIR: own.folder };
  const { path } = await moduleOnPty(own.open);
  const call = (...args: string[]) => ended(own.open, [...A7600, ...args], { env });
  const first = going(own.open, [...A7600, 'proxy', '--serial', path, '--listen', '0'], {
    env,
    input: 'open',
  });
  await first.says(/HTTP proxy on/);
  const pid = `${first.child.pid}`;
  const second = await call('at', '--serial', path, 'AT');
  expect([second.code, String(second.output)]).toEqual([3, '']);
  expect(second.messages).toMatch(
    new RegExp(`^${path} is in use by another a7600 \\(process ${pid}\\).*\`a7600 term --attach ${pid}\``),
  );
  const examined = await call('doctor', '--serial', path);
  expect([examined.code, String(examined.output)]).toEqual([
    3,
    expect.stringMatching(new RegExp(`\\(PORT_BUSY\\)[^]* next: +a7600 term --attach ${pid}\n$`)),
  ]);
  const attached = await call('term', '--attach', pid, '--script', 'AT+CSQ');
  expect(attached.code).toBe(0);
  expect(String(attached.output)).toMatch(/\+CSQ: 23,0\nOK\n {2}-67 dBm, excellent\n/);
});

test('a terminal attaches to another terminal', async () => {
  const env = { XDG_RUNTIME_DIR: own.folder };
  const { path } = await moduleOnPty(own.open);
  const first = going(own.open, [...A7600, 'term', '--serial', path], { env, input: 'open' });
  await first.says(/Opening/);
  const attach = () =>
    ended(own.open, [...A7600, 'term', '--attach', '--script', 'AT+CSQ', 'AT+NONE'], { env });
  let attached = await attach();
  // It opens the port a moment after it has said so.
  for (let tries = 0; tries < 10 && attached.code === 2; tries++) attached = await attach();
  // A command of the script fails.
  expect(attached.code).toBe(1);
  expect(String(attached.output)).toMatch(/\+CSQ: 23,0\nOK\n {2}-67 dBm, excellent\n/);
  expect(String(attached.output)).toMatch(/AT\+NONE failed: the module gave no reason/);
});

test('the socket of a program that was killed is removed by the next one', async () => {
  const env = { XDG_RUNTIME_DIR: own.folder };
  const left = join(socketFolder(env) ?? '', '999999999.sock');
  writeFileSync(left, '');
  const outcome = await ended(own.open, [...A7600, 'at', '--emulated', 'AT', 'AT+CSQ'], { env });
  expect(outcome.code).toBe(0);
  expect(() => writeFileSync(left, '', { flag: 'r+' })).toThrow('ENOENT');
});

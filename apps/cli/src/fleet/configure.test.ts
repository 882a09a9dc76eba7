import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../../test/program.js';
import { scratch } from '../../test/scratch.js';
import { keyIn } from './key-file.js';

const own = scratch();

test('makes a configuration with public keys, and a file with each seed that only this user may read', async () => {
  const out = join(own.folder, 'fleet');
  const roles = ['--agent', 'ROOF-17', '--controller', 'desk', '--viewer', 'wall'];
  const { code, output } = await program('fleet', 'configure', ...roles, '--out', out);
  expect(code).toBe(0);
  const files = output.trimEnd().split('\n');
  expect(files).toEqual(
    ['nats-server.conf', 'ROOF-17.nk', 'desk.nk', 'wall.nk', 'root.nk'].map((name) => join(out, name)),
  );
  const text = readFileSync(join(out, 'nats-server.conf'), 'utf8');
  const keys = JSON.parse(text).accounts.FLEET.users.map(({ nkey }: { nkey: string }) => nkey);
  expect(files.slice(1).map((file) => keyIn(file).publicKey)).toEqual(keys);
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual(Array(5).fill(0o600));
  expect(text).not.toMatch(/\bSU[A-Z2-7]/);
});

test('never writes over a key', async () => {
  const call = ['fleet', 'configure', '--agent', 'a', '--out', own.folder];
  expect((await program(...call)).code).toBe(0);
  const key = readFileSync(join(own.folder, 'a.nk'), 'utf8');
  const again = await program(...call);
  expect([again.code, again.messages]).toEqual([2, expect.stringContaining('nats-server.conf exists.')]);
  expect(readFileSync(join(own.folder, 'a.nk'), 'utf8')).toBe(key);
});

test.each([
  ['no agent', ['--controller', 'a'], /needs an agent/],
  ['a name that would be another subject', ['--agent', 'a.>'], /Use 1 to 32 letters/],
  ['two programs of one name', ['--agent', 'a', '--viewer', 'a'], /two users a/],
  ['half a certificate', ['--agent', 'a', '--tls-key', 'k'], /need each other/],
])('refuses %s', async (_, args, message) => {
  const { code, messages } = await program('fleet', 'configure', '--out', join(own.folder, 'x'), ...args);
  expect([code, messages]).toEqual([2, expect.stringMatching(message)]);
});

test('a key file with something else is refused, without a word of what it has', () => {
  const file = join(own.folder, 'key');
  for (const text of [
    '',
    'hunter2',
    `SU${'A'.repeat(56)}`,
    'SAAPQ',
    '-----BEGIN NATS USER JWT-----\na.hunter2.c\n',
  ]) {
    writeFileSync(file, text);
    expect(() => keyIn(file)).toThrow(/has no key of a user/);
    expect(() => keyIn(file)).toThrow(/^(?!.*(hunter2|SUAAA))/);
  }
});

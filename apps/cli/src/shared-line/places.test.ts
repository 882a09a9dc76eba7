import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../../test/scratch.js';
import { removeLeftOvers, type System, socketFolder, socketFor, sockets } from './places.js';

/** Windows, as far as the program sees it: pipes of all users in one folder. */
function windows(user: string, names: readonly string[] = []): System {
  return { platform: 'win32', env: {}, user, list: () => names };
}

test('Windows has a named pipe for each program and user', () => {
  expect(socketFor('4711', windows('Ada Lovelace'))).toBe('\\\\.\\pipe\\a7600-Ada_Lovelace-4711');
  expect(socketFor('4711-2', windows('me\\you'))).toBe('\\\\.\\pipe\\a7600-me_you-4711-2');
});

test('of all pipes, those of this user and program are found, the newest process last', () => {
  const names = ['a7600-me-900', 'InitShutdown', 'a7600-me-80-2', 'a7600-other-7', 'a7600-me-x', 'a7600-me-'];
  expect(sockets(windows('me', names))).toEqual([
    { path: '\\\\.\\pipe\\a7600-me-80-2', pid: '80' },
    { path: '\\\\.\\pipe\\a7600-me-900', pid: '900' },
  ]);
});

describe('left over', () => {
  const own = scratch();

  test('sockets on which nothing listens are removed, those of running programs stay', async () => {
    const system: System = {
      platform: 'linux',
      env: { XDG_RUNTIME_DIR: own.folder },
      user: 'me',
      list: (folder) => readdirSync(folder),
    };
    const folder = socketFolder(system.env) ?? '';
    const living = createServer().listen(join(folder, '1.sock'));
    await once(living, 'listening');
    writeFileSync(join(folder, '2.sock'), '');
    removeLeftOvers(system);
    while (readdirSync(folder).length > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(readdirSync(folder)).toEqual(['1.sock']);
    living.close();
  });
});

import { expect, test } from 'vitest';
import { type System, socketFor, sockets } from './places.js';

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

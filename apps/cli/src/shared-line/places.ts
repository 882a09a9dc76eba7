import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of the sockets of running programs, which its user alone may enter.
 *
 * @param env the environment
 * @returns the path; undefined where there is none that is safe, or on Windows
 */
export function socketFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform === 'win32') return undefined;
  const { XDG_RUNTIME_DIR: runtime } = env;
  const { uid } = userInfo();
  const folder = join(runtime || tmpdir(), `a7600-${uid}`);
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const status = lstatSync(folder);
    // In a folder for everybody, another user may have been there first.
    const isSafe = status.isDirectory() && status.uid === uid && (status.mode & 0o077) === 0;
    return isSafe ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The sockets of running programs, the newest last.
 *
 * @returns their paths
 */
export function sockets(): string[] {
  const folder = socketFolder();
  if (folder === undefined) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+(?:-\d+)?\.sock$/.test(name))
    .map((name) => join(folder, name))
    .sort((one, other) => lstatSync(one).mtimeMs - lstatSync(other).mtimeMs);
}

import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The system that a program runs on, as far as local sockets differ; replaced in tests. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The name of this user. */
  readonly user: string;
  /** The names in a folder. */
  list(folder: string): readonly string[];
}

const thisSystem = (): System => ({
  platform: process.platform,
  env: process.env,
  get user() {
    return userInfo().username;
  },
  list: (folder) => readdirSync(folder),
});

/**
 * Whether there is a process.
 *
 * @param pid its id
 * @returns true also for one of another user
 */
export function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where Windows shows its named pipes. */
const PIPES = '\\\\.\\pipe\\';

/**
 * The folder of the sockets of running programs, which its user alone may enter.
 *
 * @param env the environment
 * @returns the path; undefined where there is none that is safe
 */
export function socketFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_RUNTIME_DIR: runtime } = env;
  // Not `userInfo()`, which fails for a user without a name, as in a container.
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
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
 * Where a program serves its line.
 *
 * @param name its process id, with a number if it serves several
 * @param system the system
 * @returns a path, or the name of a pipe on Windows, where only its user may write to it; undefined where no place is safe
 */
export function socketFor(name: string, system = thisSystem()): string | undefined {
  if (system.platform === 'win32') return `${PIPES}${pipePrefix(system)}${name}`;
  const folder = socketFolder(system.env);
  return folder === undefined ? undefined : join(folder, `${name}.sock`);
}

/**
 * The sockets of running programs, the newest last; the order of pipes is that of their process ids.
 *
 * @param system the system
 * @returns their paths, and the process id of each
 */
export function sockets(system = thisSystem()): { readonly path: string; readonly pid: string }[] {
  const isPipe = system.platform === 'win32';
  const folder = isPipe ? PIPES : socketFolder(system.env);
  if (folder === undefined) return [];
  const [prefix, suffix] = isPipe ? [pipePrefix(system), ''] : ['', '.sock'];
  const found = system.list(folder).flatMap((name) => {
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) return [];
    const [, pid] = /^(\d+)(?:-\d+)?$/.exec(name.slice(prefix.length, name.length - suffix.length)) ?? [];
    return pid === undefined ? [] : [{ path: isPipe ? folder + name : join(folder, name), pid }];
  });
  // One that ends meanwhile takes its socket with it.
  const age = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return found.sort((one, other) =>
    isPipe ? Number(one.pid) - Number(other.pid) : age(one.path) - age(other.path),
  );
}

/**
 * Removes a socket; a pipe is gone with its program.
 *
 * @param path as of {@link socketFor}
 */
export function removeSocket(path: string): void {
  if (!path.startsWith(PIPES)) rmSync(path, { force: true });
}

/**
 * Removes the sockets of programs that were killed: nothing listens on them any more. A pipe is gone with its program.
 *
 * @param system the system
 */
export function removeLeftOvers(system = thisSystem()): void {
  if (system.platform === 'win32') return;
  for (const { path } of sockets(system)) {
    const socket = connect(path, () => socket.destroy());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') removeSocket(path);
    });
    socket.unref();
  }
}

/** Pipes of all users have one folder; a name may contain anything but a backslash. */
function pipePrefix({ user }: System): string {
  return `a7600-${user.replaceAll(/[^\w.-]/g, '_')}-`;
}

import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

/** A program that has a port open. */
export interface PortHolder {
  /** Its process id. */
  readonly pid: number;
  /** As the system calls it: `ModemManager`, `minicom`, `node`. */
  readonly name: string;
}

/**
 * The programs on this computer that have a device open, this one included, as far as this user
 * may see: those of other users only as root. Linux only; empty elsewhere.
 *
 * @param path path of the port
 * @returns the programs that have it open, as far as this user may see them
 */
export async function holdersOf(path: string): Promise<PortHolder[]> {
  const [holders = []] = await holdersOfAll([path]);
  return holders;
}

/** The same for several devices at once, in their order. */
export async function holdersOfAll(paths: readonly string[]): Promise<PortHolder[][]> {
  if (process.platform !== 'linux' || paths.length === 0) return paths.map(() => []);
  const devices = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const opened = await Promise.all(
    pids.map(async (pid) => ({ pid, files: await filesOf(pid), name: await nameOf(pid) })),
  );
  return devices.map((device) =>
    opened.filter(({ files }) => files.includes(device)).map(({ pid, name }) => ({ pid: Number(pid), name })),
  );
}

async function filesOf(pid: string): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
}

async function nameOf(pid: string): Promise<string> {
  return readFile(`/proc/${pid}/comm`, 'utf8').then(
    (name) => name.trim(),
    () => 'a program',
  );
}

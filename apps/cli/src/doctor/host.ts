import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostFacts, IpInterface } from '@a7600/diagnostics/doctor';
import { listModems } from '@a7600/transport/serialport';
import { sockets } from '../shared-line/places.js';

/** Where Linux shows its processes and devices; replaced in tests. */
export interface Roots {
  readonly proc: string;
  readonly sys: string;
}

const LINUX: Roots = { proc: '/proc', sys: '/sys' };

/** Drivers of the network interfaces that modems have. */
const DRIVERS = /^(?:qmi_wwan|cdc_mbim|cdc_ether|rndis_host|cdc_ncm|ppp)/;

/** Collects what this computer knows. `path` is the port that was asked for, if one was. */
export async function hostFacts(path: string | undefined, roots = LINUX): Promise<HostFacts> {
  const linux = process.platform === 'linux';
  const processes = linux ? await processesOf(roots) : [];
  return {
    platform: process.platform,
    ports: (await listModems()).map(({ path, role, vendorId, productId }) => ({
      path,
      role,
      vendorId,
      productId,
    })),
    holders: path === undefined || !linux ? [] : sharing(await holdersOf(path, processes, roots)),
    modemManager: processes.some(({ name }) => name === 'ModemManager'),
    interfaces: linux ? await interfacesOf(roots) : [],
    time: Date.now(),
  };
}

/** Tells which of the programs are others of this one, whose line can be shared. */
function sharing(holders: readonly Process[]): HostFacts['holders'] {
  const own = sockets().map(({ pid }) => Number(pid));
  return holders.map((holder) =>
    own.includes(holder.pid) ? { pid: holder.pid, name: 'a7600', shares: true } : holder,
  );
}

interface Process {
  readonly pid: number;
  readonly name: string;
}

/** Every process; its name is readable for each user. */
async function processesOf({ proc }: Roots): Promise<Process[]> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      name: (await readFile(join(proc, pid, 'comm'), 'utf8').catch(() => '')).trim(),
    })),
  );
}

/** Who has a device open (own processes only, unless root), or holds its lock (every user's). */
async function holdersOf(path: string, processes: readonly Process[], { proc }: Roots): Promise<Process[]> {
  const device = await realpath(path).catch(() => path);
  const inode = await stat(device).then(
    ({ ino }) => ino,
    () => undefined,
  );
  const locks = await readFile(join(proc, 'locks'), 'utf8').catch(() => '');
  const locking = locks
    .split('\n')
    .map((line) => /^\d+: FLOCK\s+\S+\s+\S+\s+(\d+) \S+:(\d+) /.exec(line))
    .filter((match) => match !== null && Number(match[2]) === inode)
    .map((match) => Number(match?.[1]));
  const opened = await Promise.all(
    processes.map(async ({ pid }) => {
      const folder = join(proc, String(pid), 'fd');
      const files = await readdir(folder).catch(() => []);
      const targets = await Promise.all(files.map((file) => readlink(join(folder, file)).catch(() => '')));
      return targets.includes(device) ? pid : undefined;
    }),
  );
  const others = processes.filter(({ pid }) => pid !== process.pid);
  const isLocking = ({ pid }: Process) => locking.includes(pid);
  const isOpen = ({ pid }: Process) => !locking.includes(pid) && opened.includes(pid);
  // The one with the lock is in the way.
  return [...others.filter(isLocking), ...others.filter(isOpen)];
}

async function interfacesOf({ sys }: Roots): Promise<IpInterface[]> {
  const folder = join(sys, 'class', 'net');
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(
    names.map(async (name): Promise<IpInterface> => {
      const uevent = await readFile(join(folder, name, 'device', 'uevent'), 'utf8').catch(() => '');
      const driver = /^DRIVER=(.+)$/m.exec(uevent)?.[1] ?? (name.startsWith('ppp') ? 'ppp' : '');
      const state = (await readFile(join(folder, name, 'operstate'), 'utf8').catch(() => 'unknown')).trim();
      return { name, driver, state };
    }),
  );
  return all.filter(({ driver }) => DRIVERS.test(driver));
}

import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Which program a client of this computer belongs to, so that programs can be told apart.
 *
 * @param client a connected client
 * @param proc where Linux shows its processes; replaced in tests
 * @returns `process PID`; `user UID` for the program of another user, which this one may not look at; the address of the
 *   client where neither is known: on another computer or another system
 */
export async function programOf(client: Socket, proc = '/proc'): Promise<string> {
  const { remoteAddress = '', remotePort = 0 } = client;
  const table = remoteAddress.includes(':') && !remoteAddress.startsWith('::ffff:') ? 'tcp6' : 'tcp';
  const rows = await readFile(`${proc}/net/${table}`, 'utf8').catch(() => '');
  const port = remotePort.toString(16).toUpperCase().padStart(4, '0');
  const local = client.localPort?.toString(16).toUpperCase().padStart(4, '0');
  for (const row of rows.split('\n').slice(1)) {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode (proc_net_tcp)
    const [, own = '', other = '', , , , , uid, , inode] = row.trim().split(/\s+/);
    if (!own.endsWith(`:${port}`) || !other.endsWith(`:${local}`)) continue;
    const pid = await holderOf(`socket:[${inode}]`, proc);
    return pid === undefined ? `user ${uid}` : `process ${pid}`;
  }
  return remoteAddress;
}

async function holderOf(socket: string, proc: string): Promise<string | undefined> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const files = await readdir(`${proc}/${pid}/fd`).catch(() => []);
      const targets = await Promise.all(
        files.map((file) => readlink(`${proc}/${pid}/fd/${file}`).catch(() => '')),
      );
      return targets.includes(socket) ? pid : undefined;
    }),
  );
  return found.find((pid) => pid !== undefined);
}

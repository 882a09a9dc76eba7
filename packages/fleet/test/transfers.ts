import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { TcpSocket } from '@a7600/tcpip';
import { filter, firstValueFrom, lastValueFrom, Subscription, tap } from 'rxjs';
import { listening } from '../../tcpip/test/online.js';
import type { Fleet, FleetEntry } from '../src/index.js';

/** What has arrived. */
export interface Transfers {
  /** Hash of what was sent. */
  readonly sent: string;
  /** Hashes of what has arrived at the peer, one for each connection. */
  readonly atPeer: readonly string[];
  /** Hashes of what has arrived here. */
  readonly here: readonly string[];
}

/** Carries so many bytes each way through each of the modems, all at a time. */
export async function transferred(fleet: Fleet, modems: readonly string[], size: number): Promise<Transfers> {
  const payload = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) + (at >> 16)) & 0xff);
  const open = new Subscription();
  const atPeer: Promise<string>[] = [];
  const peer = createServer((socket) => {
    const hash = createHash('sha256');
    let count = 0;
    atPeer.push(
      new Promise((resolve) => {
        socket.on('data', (chunk) => {
          hash.update(chunk);
          count += chunk.length;
          if (count < size) return;
          // The module has no half-open connections: an earlier end would cut off what is on its way.
          resolve(hash.digest('hex'));
          socket.end();
        });
      }),
    );
    socket.on('error', () => {});
    socket.write(payload);
  });
  const port = await listening(peer);
  open.add(() => void peer.close());
  const through = async (name: string) => {
    const socket = await new Promise<TcpSocket>((next, error) => {
      open.add(fleet.modem(name).connect({ host: '127.0.0.1', port }).subscribe({ next, error }));
    });
    const hash = createHash('sha256');
    open.add(socket.write(payload).subscribe({ error: () => {} }));
    await lastValueFrom(socket.received$.pipe(tap((chunk) => hash.update(chunk))), {
      defaultValue: undefined,
    });
    return hash.digest('hex');
  };
  const here = await Promise.all(modems.map(through));
  const arrived = await Promise.all(atPeer);
  open.unsubscribe();
  return { sent: createHash('sha256').update(payload).digest('hex'), atPeer: arrived, here };
}

/** Waits until so many modems of the agents `ROOF-…` are present and online. */
export async function online({ modems$ }: Fleet, count: number): Promise<void> {
  await firstValueFrom(
    modems$.pipe(
      filter(
        (all) => all.filter((each) => each.agent.startsWith('ROOF-') && isOnline(each)).length === count,
      ),
    ),
  );
}

/** Whether a modem is there and online. */
export function isOnline({ presence, state }: FleetEntry): boolean {
  return presence === 'present' && state === 'online';
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out by themselves (Linux from 32768, others from 49152): no connection or server
 * without a wish takes one of these before the test does. Those below are wanted by programs, or refused by `fetch`.
 */
const [FIRST, LAST] = [11_000, 32_767];

/** Each process begins elsewhere and goes on from there, so that two of them hardly meet. */
let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** Returns a port of loopback that no program has, for TCP or UDP; each call returns another one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = next === LAST ? FIRST : next + 1;
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    await once(socket.bind(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(socket.close(), 'close');
  return true;
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

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

const isFreeForTcp = (port: number) => isFree(createServer().listen(port, '127.0.0.1'));
const isFreeForUdp = (port: number) => isFree(createSocket('udp4').bind(port, '127.0.0.1'));

async function isFree(listener: Server | Socket): Promise<boolean> {
  try {
    await once(listener, 'listening');
  } catch {
    return false;
  }
  await once(listener.close(), 'close');
  return true;
}

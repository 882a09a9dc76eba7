import { connect, createServer, type Socket } from 'node:net';
import type { Subscription } from 'rxjs';
import { listening } from '../../../tcpip/test/online.js';

/** A way to the server that can be cut so that neither side is notified: a half-open partition. */
export interface WayToServer {
  readonly url: string;
  /** Whether what arrives is discarded. */
  cut(isCut: boolean): void;
}

/** Starts a proxy on loopback, until `open` ends. */
export async function proxy(open: Subscription, port: number): Promise<WayToServer> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => {
      // What was discarded is missing for ever: this connection is of no use after that, as after a router has lost
      // its table; ours end it by their pings.
      if (!isCut && !cutOff.has(from)) to.write(chunk);
      else cutOff.add(from).add(to);
    });
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('error', () => {});
  };
  const cutOff = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    join(client, upstream);
    join(upstream, client);
  });
  const own = await listening(server);
  open.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: `127.0.0.1:${own}`,
    cut: (is) => {
      isCut = is;
    },
  };
}

import { connect, createServer, type Socket } from 'node:net';
import type { Subscription } from 'rxjs';
import { listening } from '../../../tcpip/test/online.js';

/**
 * What happens in a half-open partition to what is sent meanwhile: it is lost, and with it the connection, as after a router
 * has lost its table; or it is held, and arrives late, as TCP sends again what was not acknowledged.
 */
export type Partition = 'loses' | 'holds';

/** A way to the server that can be cut so that neither side is notified: a half-open partition. */
export interface WayToServer {
  readonly url: string;
  /** How often the program has connected. */
  readonly dials: number;
  /** Cuts the way, or mends it. */
  cut(partition: Partition | undefined): void;
}

/** Bytes of a connection that are on their way: the sender cannot get rid of more while they are held. */
const ON_THE_WAY = 65_536;

/** Starts a proxy on loopback, until `open` ends. */
export async function proxy(open: Subscription, port: number): Promise<WayToServer> {
  let partition: Partition | undefined;
  const sockets = new Set<Socket>();
  /** Connections that have lost something: they are of no use after that; ours end them by their pings. */
  const broken = new Set<Socket>();
  const releases = new Set<() => void>();
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    let held: Buffer[] = [];
    let isClosed = false;
    const release = () => {
      for (const chunk of held) to.write(chunk);
      held = [];
      from.resume();
      if (!isClosed) return;
      releases.delete(release);
      to.destroySoon();
    };
    releases.add(release);
    from.on('data', (chunk) => {
      if (partition === 'holds') {
        held.push(chunk);
        if (held.reduce((sum, { length }) => sum + length, 0) >= ON_THE_WAY) from.pause();
      } else if (partition === 'loses' || broken.has(from)) broken.add(from).add(to);
      else to.write(chunk);
    });
    from.on('close', () => {
      sockets.delete(from);
      isClosed = true;
      if (partition === 'holds') return;
      releases.delete(release);
      to.destroy();
    });
    from.on('error', () => {});
  };
  let dials = 0;
  const server = createServer((client) => {
    dials += 1;
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
    get dials() {
      return dials;
    },
    cut: (wanted) => {
      partition = wanted;
      if (wanted === undefined) for (const release of [...releases]) release();
    },
  };
}

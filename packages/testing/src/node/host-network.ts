import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { fromDuplex } from '@a7600/transport/node';
import { NEVER, Observable, of, switchMap } from 'rxjs';
import type { MobileNetwork } from '../networks/mobile/mobile-network.js';
import type { Connection, Endpoint, Listener, Network } from '../networks/network.js';
import { bindDatagrams } from './host-datagrams.js';
import { networkError } from './host-errors.js';
import { hostTls } from './host-tls.js';
import { reach } from './reach.js';

/** Settings of {@link hostNetwork}. */
export interface HostNetworkOptions {
  /** Address to listen on and to show as the module's own. Default `127.0.0.1`. */
  readonly address?: string;
  /**
   * Destinations beyond loopback that the module may reach and whose names it may look up, as
   * `host:port`; either may be `*`. Default none.
   */
  readonly allow?: readonly string[];
  /**
   * Ports of this computer that stand for ports of the module, so that a server on port 7 needs no
   * special rights: `{ 7: 7007 }`. Others stand for themselves.
   */
  readonly ports?: Readonly<Record<number, number>>;
  /** Carries calls and messages; shared, several modules reach each other. Default: one for each module. */
  readonly mobile?: MobileNetwork;
}

/**
 * This computer's network, through real TCP and UDP sockets and the real name server: what the
 * module listens on is loopback, and what it reaches is loopback unless more is allowed.
 *
 * @param options What may be reached, and where the module listens.
 * @returns The network. It holds nothing open by itself.
 */
export function hostNetwork(options: HostNetworkOptions = {}): Network {
  const { address = '127.0.0.1', allow = [], ports = {}, mobile } = options;
  const within = reach(allow);
  const real = (port: number) => ports[port] ?? port;
  return {
    address,
    ...(mobile && { mobile }),
    secure: hostTls,
    resolve: (name, servers) => within.resolve(name, servers),
    // Node cannot send ICMP; this computer itself always answers, and at once.
    ping: (to) => (to === '::1' || to.startsWith('127.') ? of(1) : NEVER),
    bind: (port) => bindDatagrams(port, real(port), address, within),
    connect: (to, localPort) => within.find(to).pipe(switchMap((found) => connect(found, localPort))),
    listen: (port) =>
      new Observable<Listener>((subscriber) => {
        const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
        server.once('error', (error) => subscriber.error(networkError(error)));
        server.listen({ host: address, port: real(port) }, () =>
          subscriber.next({ connections$: accepted(server) }),
        );
        subscriber.add(() => {
          server.close();
        });
      }),
  };
}

function connect(to: Endpoint, localPort: number | undefined): Observable<Connection> {
  return new Observable<Connection>((subscriber) => {
    const socket = createConnection({ ...to, allowHalfOpen: true, ...(localPort && { localPort }) });
    let connected = false;
    const failed = (error: Error) => subscriber.error(networkError(error));
    socket.once('error', failed);
    socket.once('connect', () => {
      connected = true;
      socket.off('error', failed);
      subscriber.next(connection(socket, to));
      subscriber.complete();
    });
    subscriber.add(() => {
      if (!connected) socket.destroy();
    });
  });
}

function accepted(server: Server): Observable<Connection> {
  return new Observable((subscriber) => {
    const accept = (socket: Socket) => {
      const remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
      subscriber.next(connection(socket, remote));
    };
    server.on('connection', accept);
    return () => server.off('connection', accept);
  });
}

function connection(socket: Socket, remote: Endpoint): Connection {
  socket.setNoDelay(true);
  return {
    ...fromDuplex(socket),
    remote,
    reset: () => socket.resetAndDestroy(),
    // How often and how many times to probe is the kernel's own.
    keepAlive: ({ idle }) => socket.setKeepAlive(true, idle),
  };
}

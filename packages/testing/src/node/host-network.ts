import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { fromDuplex } from '@a7600/transport/node';
import { Observable } from 'rxjs';
import {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type NetworkFailure,
} from '../networks/network.js';

/** Settings of {@link hostNetwork}. */
export interface HostNetworkOptions {
  /** Address to listen on and to show as the module's own. Default `127.0.0.1`. */
  readonly address?: string;
}

/**
 * This computer's network, through real sockets: the module's servers listen on loopback, its
 * clients reach loopback only.
 */
export function hostNetwork({ address = '127.0.0.1' }: HostNetworkOptions = {}): Network {
  return {
    address,
    connect: ({ host, port }) =>
      new Observable<Connection>((subscriber) => {
        if (!isLoopback(host)) {
          subscriber.error(new NetworkError('unreachable', `${host} is outside of the loopback network.`));
          return;
        }
        const socket = createConnection({ host, port, allowHalfOpen: true });
        let connected = false;
        const failed = (error: Error) => subscriber.error(networkError(error));
        socket.once('error', failed);
        socket.once('connect', () => {
          connected = true;
          socket.off('error', failed);
          subscriber.next(connection(socket, { host, port }));
          subscriber.complete();
        });
        subscriber.add(() => {
          if (!connected) socket.destroy();
        });
      }),
    listen: (port) =>
      new Observable<Listener>((subscriber) => {
        const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
        server.once('error', (error) => subscriber.error(networkError(error)));
        server.listen({ host: address, port }, () => subscriber.next({ connections$: accepted(server) }));
        subscriber.add(() => {
          server.close();
        });
      }),
  };
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

function connection(socket: Socket, remote: Connection['remote']): Connection {
  socket.setNoDelay(true);
  return { ...fromDuplex(socket), remote, reset: () => socket.resetAndDestroy() };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

const FAILURES: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unknown-host',
  EADDRINUSE: 'port-in-use',
  EACCES: 'port-in-use',
};

function networkError(error: NodeJS.ErrnoException): NetworkError {
  return new NetworkError(FAILURES[error.code ?? ''] ?? 'unreachable', error.message, error);
}

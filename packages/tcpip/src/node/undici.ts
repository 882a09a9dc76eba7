import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { CONNECTIONS } from './agents.js';
import type { SocketConnectOptions } from './arguments.js';
import { nodeError } from './node-error.js';
import { Sessions, tlsOptions } from './tls.js';

/** Settings of a connector for undici; those of `tls.connect` are for `https:`. */
export interface UndiciOptions extends ConnectionOptions {
  /** Time in ms for the connection, TLS included. Default 120000, the module's own limit. */
  readonly timeout?: number | undefined;
}

/** What undici asks its connector for. */
export interface UndiciRequest {
  /** The server's name or address. */
  readonly hostname: string;
  /** `http:` or `https:`. */
  readonly protocol: string;
  /** The port; empty for the default of the protocol. */
  readonly port: string;
  /** The name that the certificate must be for. */
  readonly servername?: string | undefined;
}

/** What undici's `Agent`, `Pool` and `Client` take as `connect`, and as their options. */
export interface UndiciConnector {
  /**
   * Opens a connection.
   *
   * @param request - Where to.
   * @param callback - Called with the socket, or with the error.
   */
  (request: UndiciRequest, callback: (...args: [null, Socket | TLSSocket] | [Error, null]) => void): void;
  /** Itself. */
  readonly connect: UndiciConnector;
  /** Connections to one host. */
  readonly connections: number;
}

/** Makes an {@link UndiciConnector}. TLS sessions are resumed. */
export function undiciConnector(
  connect: (options: SocketConnectOptions) => Socket,
  { timeout = 120_000, ...secure }: UndiciOptions,
): UndiciConnector {
  const sessions = new Sessions();

  const open = ({ hostname, protocol, port, servername }: UndiciRequest): Socket | TLSSocket => {
    if (protocol !== 'https:') return connect({ host: hostname, port: port || 80 });
    const where = { host: hostname, port: Number(port || 443) };
    const name = servername || secure.servername;
    const options = { ALPNProtocols: ['http/1.1'], ...secure, ...where, ...(name && { servername: name }) };
    return sessions.connect({ ...tlsOptions(connect(where), options), port: where.port });
  };

  const connector = (request: UndiciRequest, callback: Parameters<UndiciConnector>[1]) => {
    const socket = open(request);
    const { hostname: address, port } = request;
    const late = () =>
      socket.destroy(nodeError(undefined, { syscall: 'connect', address, port: Number(port) }, 'ETIMEDOUT'));
    const timer = setTimeout(late, timeout);
    const failed = (error: Error) => {
      clearTimeout(timer);
      callback(error, null);
    };
    socket.once('error', failed);
    socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      callback(null, socket);
    });
  };
  // Undici copies the options that it is given, so that a function can carry them.
  return Object.assign(connector, { connect: connector, connections: CONNECTIONS }) as UndiciConnector;
}

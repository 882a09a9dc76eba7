import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { SocketConnectOptions } from './arguments.js';
import { Sessions, tlsOptions } from './tls.js';

/** What is used of the options of a `Redis`. */
interface RedisOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: ConnectionOptions;
  readonly disconnectTimeout?: number;
}

/**
 * What ioredis takes as its option `Connector`. It makes a `never`, so that TypeScript accepts it
 * there: the type that ioredis names has private members, which no other class can have.
 */
export type IoredisConnector = new (options: unknown) => never;

/** ioredis itself waits so long, in ms, before it drops a connection that does not end. */
const DISCONNECT_TIMEOUT = 2_000;

/** Makes the class of ioredis connectors that go through the modem. */
export function ioredisConnector(connect: (options: SocketConnectOptions) => Socket): IoredisConnector {
  class Connector {
    /** Read by ioredis. */
    firstError: Error | undefined;
    stream: Socket | TLSSocket | undefined;
    private readonly options: RedisOptions;
    private readonly sessions = new Sessions();
    private connecting = false;

    constructor(options: RedisOptions) {
      this.options = options;
    }

    check(): boolean {
      return true;
    }

    async connect(): Promise<Socket | TLSSocket> {
      this.connecting = true;
      // ioredis may disconnect right after it has asked.
      await Promise.resolve();
      if (!this.connecting) throw new Error('Connection is closed.');
      const { host = 'localhost', port = 6379, tls } = this.options;
      const socket = connect({ host, port });
      const stream =
        tls === undefined ? socket : this.sessions.connect({ ...tlsOptions(socket, { host, ...tls }), port });
      stream.once('error', (error) => {
        this.firstError = error;
      });
      this.stream = stream;
      return stream;
    }

    disconnect(): void {
      this.connecting = false;
      const { stream } = this;
      if (stream === undefined) return;
      const { disconnectTimeout = DISCONNECT_TIMEOUT } = this.options;
      const timer = setTimeout(() => stream.destroy(), disconnectTimeout);
      stream.once('close', () => clearTimeout(timer));
      // The server would not notice an `end()` that leaves the other direction open.
      stream.destroySoon();
    }
  }
  return Connector as unknown as IoredisConnector;
}

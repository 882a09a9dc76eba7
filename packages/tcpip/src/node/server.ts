import { EventEmitter } from 'node:events';
import { Subscription } from 'rxjs';
import { type ListenArguments, listenArguments } from './arguments.js';
import type { LinkStreamOptions } from './link-stream.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { usageError } from './node-error.js';
import { onPort } from './on-port.js';
import { ModemSocket } from './socket.js';

/** Settings of a {@link ModemServer}. */
export interface ModemServerOptions extends LinkStreamOptions {
  /** Leave what a client sends where it is until its socket is resumed. Default false. */
  readonly pauseOnConnect?: boolean | undefined;
}

/**
 * A TCP server on the modem, in the shape of a `net.Server`. Events: `listening`, `connection` (a
 * {@link ModemSocket}), `drop`, `error`, `close`.
 *
 * The module has four servers and ten links: the eleventh client waits for a free one. It cannot
 * stop a server that has clients, so that it goes on accepting after `close()` until the last one
 * has left; those who come meanwhile are turned away.
 */
export class ModemServer extends EventEmitter {
  /** Clients beyond that many are turned away, with the event `drop`. Default: what the module has. */
  maxConnections: number | undefined;
  private readonly source: NetworkSource;
  private readonly options: ModemServerOptions;
  private readonly clients = new Set<ModemSocket>();
  private open: Subscription | undefined;
  private at: { address: string; port: number } | undefined;
  private closing = false;

  constructor(
    source: NetworkSource,
    options: ModemServerOptions = {},
    onConnection?: (socket: ModemSocket) => void,
  ) {
    super();
    this.source = source;
    this.options = options;
    if (onConnection !== undefined) this.on('connection', onConnection);
  }

  /** Whether it accepts. */
  get listening(): boolean {
    return this.at !== undefined && !this.closing;
  }

  /** Where it listens; null before `listening` and after `close`. */
  address(): { address: string; family: 'IPv4'; port: number } | null {
    return this.at === undefined ? null : { ...this.at, family: 'IPv4' };
  }

  /**
   * Listens: `(options, callback)` or `(port, host, backlog, callback)`. Emits `listening`, or
   * `error` when it cannot, never before it returns. Throws `ERR_SERVER_ALREADY_LISTEN`.
   */
  listen(...args: ListenArguments): this {
    const { options, callback } = listenArguments(args);
    if (this.open !== undefined) {
      throw usageError('ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once.');
    }
    if (callback !== undefined) this.once('listening', callback);
    const open = new Subscription();
    this.open = open;
    this.closing = false;
    process.nextTick(() => {
      if (!open.closed) open.add(this.start(options.port, options.backlog));
    });
    return this;
  }

  /**
   * Stops accepting. Emits `close`, and calls back, when the last client has left; calls back with
   * `ERR_SERVER_NOT_RUNNING` when it did not listen.
   */
  close(callback?: (error?: Error) => void): this {
    if (this.open === undefined) {
      const error = usageError('ERR_SERVER_NOT_RUNNING', 'Server is not running.');
      if (callback !== undefined) process.nextTick(callback, error);
      return this;
    }
    if (callback !== undefined) this.once('close', callback);
    this.closing = true;
    this.finish();
    return this;
  }

  /** Calls back with the number of clients. */
  getConnections(callback: (error: Error | null, count: number) => void): this {
    process.nextTick(callback, null, this.clients.size);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Closes it, and resolves when the last client has left. */
  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.close(() => resolve()));
  }

  private start(wanted: number, backlog: number | undefined): Subscription {
    const accepted$ = onPort(this.source, wanted, 'listen', (network, port) =>
      network.listen({ port, backlog, onListening: () => this.started(network.address, port) }),
    );
    return accepted$.subscribe({
      next: (link) => this.accept(link),
      error: (error: Error) => this.failed(error),
    });
  }

  private started(address: string, port: number): void {
    this.at = { address, port };
    this.emit('listening');
  }

  private accept(link: ModemLink): void {
    if (this.closing || this.clients.size >= (this.maxConnections ?? Number.POSITIVE_INFINITY)) {
      link.close().subscribe();
      if (!this.closing) this.emit('drop', { remoteAddress: link.remote.host, remotePort: link.remote.port });
      return;
    }
    const { pauseOnConnect = false, ...options } = this.options;
    const socket = ModemSocket.accepted(this.source, link, {
      ...options,
      local: this.at ?? {},
      paused: pauseOnConnect,
    });
    this.clients.add(socket);
    socket.once('close', () => {
      this.clients.delete(socket);
      this.finish();
    });
    this.emit('connection', socket);
  }

  /** Gives the server back when it is to close and nobody is left. */
  private finish(): void {
    if (!this.closing || this.clients.size > 0 || this.open === undefined) return;
    this.stop();
    process.nextTick(() => this.emit('close'));
  }

  private failed(error: Error): void {
    this.stop();
    this.emit('error', error);
    process.nextTick(() => this.emit('close'));
  }

  private stop(): void {
    this.open?.unsubscribe();
    this.open = undefined;
    this.at = undefined;
  }
}

/** Makes a {@link ModemServer}: `createServer(net, (socket) => socket.pipe(socket)).listen(7)`. */
export function createServer(
  source: NetworkSource,
  first?: ModemServerOptions | ((socket: ModemSocket) => void),
  onConnection?: (socket: ModemSocket) => void,
): ModemServer {
  if (typeof first === 'function') return new ModemServer(source, {}, first);
  return new ModemServer(source, first, onConnection);
}

import { type DropArgument, Server, type Socket } from 'node:net';
import { Subscription } from 'rxjs';
import { type ListenArguments, listenArguments } from './arguments.js';
import { defineGetters } from './getters.js';
import { Holding } from './holding.js';
import { HttpProtection } from './http-protection.js';
import type { LinkStreamOptions } from './link-stream.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { usageError } from './node-error.js';
import { onPort } from './on-port.js';
import { ModemSocket } from './socket.js';

/** Settings of a {@link ModemServer}. */
export interface ModemServerOptions extends Omit<LinkStreamOptions, 'signal' | 'onread'> {
  /** Leaves what a client sends where it is until its socket is resumed. Default false. */
  readonly pauseOnConnect?: boolean | undefined;
}

/** A server that clients are handed to by its event `connection`: one of `node:http`, `node:https`, `node:tls`, … */
export interface ServerToHand {
  emit(event: string, socket: Socket): boolean;
  readonly listening: boolean;
  close(): unknown;
}

/**
 * A TCP server on the modem: a `net.Server` that has no handle of the operating system. Events:
 * `listening`, `connection` (a {@link ModemSocket}), `drop`, `error`, `close`.
 *
 * The module has four servers and ten links: the eleventh client waits for a free one. It cannot
 * stop a server that has clients: after `close()` it goes on accepting until the last one has left,
 * and those who come meanwhile are turned away. `close` is emitted when the module has given up the
 * server.
 *
 * Clients beyond `maxConnections` are turned away. Over an observable of networks it listens again on each network that follows a lost one; its
 * clients are lost with the network, and `error` is emitted only when it cannot listen again.
 */
export class ModemServer extends Server {
  private readonly source: NetworkSource;
  private readonly options: ModemServerOptions;
  private readonly clients = new Set<ModemSocket>();
  private readonly http = new HttpProtection();
  private open: Subscription | undefined;
  private holding = new Holding();
  private at: { address: string; port: number } | undefined;
  private isClosing = false;

  constructor(
    source: NetworkSource,
    options: ModemServerOptions = {},
    onConnection?: (socket: ModemSocket) => void,
  ) {
    const { allowHalfOpen, pauseOnConnect, highWaterMark } = options;
    super({
      ...(allowHalfOpen !== undefined && { allowHalfOpen }),
      ...(pauseOnConnect !== undefined && { pauseOnConnect }),
      ...(highWaterMark !== undefined && { highWaterMark }),
    });
    this.source = source;
    this.options = options;
    if (onConnection !== undefined) this.on('connection', onConnection as () => void);
  }

  static {
    defineGetters(ModemServer.prototype, {
      listening: (server) => server.at !== undefined && !server.isClosing,
    });
  }

  /** Where it listens; null before `listening` and after `close`. */
  override address(): { address: string; family: 'IPv4'; port: number } | null {
    return this.at === undefined || this.isClosing ? null : { ...this.at, family: 'IPv4' };
  }

  /**
   * Listens: `(options, callback)` or `(port, host, backlog, callback)`. Emits `listening`, or
   * `error` when it cannot, never before it returns. Throws `ERR_SERVER_ALREADY_LISTEN`.
   */
  override listen(...args: ListenArguments): this {
    const { options, callback } = listenArguments(args);
    if (this.open !== undefined) {
      throw usageError('ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once.');
    }
    if (callback !== undefined) this.once('listening', callback);
    const open = new Subscription();
    this.open = open;
    this.holding = new Holding();
    this.isClosing = false;
    this.closeOnAbort(options.signal, open);
    process.nextTick(() => {
      if (!open.closed) open.add(this.start(options.port, options.backlog));
    });
    return this;
  }

  /**
   * Stops accepting. Emits `close`, and calls back, when the last client has left; calls back with
   * `ERR_SERVER_NOT_RUNNING` when it does not listen.
   */
  override close(callback?: (error?: Error) => void): this {
    const isRunning = this.open !== undefined && !this.isClosing;
    if (callback !== undefined && isRunning) this.once('close', callback);
    else if (callback !== undefined) {
      this.once('close', () => callback(usageError('ERR_SERVER_NOT_RUNNING', 'Server is not running.')));
    }
    if (this.open === undefined) {
      if (this.clients.size === 0) process.nextTick(() => this.emit('close'));
      return this;
    }
    this.isClosing = true;
    this.http.closeIdleConnections();
    this.finish();
    return this;
  }

  /** Calls back with the number of clients. */
  override getConnections(callback: (error: Error | null, count: number) => void): this {
    process.nextTick(callback, null, this.clients.size);
    return this;
  }

  /** Changes nothing: it is the modem's port that keeps the process alive. */
  override ref(): this {
    return this;
  }

  /** Changes nothing; see {@link ref}. */
  override unref(): this {
    return this;
  }

  /** Closes it, and resolves when the last client has left. */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.open === undefined) return;
    await new Promise<void>((resolve) => this.close(() => resolve()));
  }

  /** Hands every client to another server, as its own `connection`. */
  handTo(server: ServerToHand): this {
    this.on('listening', () => this.http.start(server));
    this.on('connection', (socket) => server.emit('connection', socket));
    return this;
  }

  private start(wanted: number, backlog: number | undefined): Subscription {
    const accepted$ = onPort(this.source, { wanted, syscall: 'listen' }, (network, port) =>
      network.listen({
        port,
        backlog,
        onListening: () => this.started(network.address, port),
        onReleased: this.holding.acquire(),
      }),
    );
    return accepted$.subscribe({
      next: (link) => this.accept(link),
      error: (error: Error) => this.failed(error),
    });
  }

  /** It listens, for the first time or again after an outage. */
  private started(address: string, port: number): void {
    const isFirst = this.at === undefined;
    this.at = { address, port };
    if (isFirst) this.emit('listening');
  }

  private accept(link: ModemLink): void {
    if (this.isClosing || this.clients.size >= (this.maxConnections ?? Number.POSITIVE_INFINITY)) {
      link.close().subscribe();
      if (!this.isClosing) this.emit('drop', this.dropped(link));
      return;
    }
    const { pauseOnConnect = false, ...options } = this.options;
    const socket = ModemSocket.accepted(this.source, link, {
      ...options,
      local: this.at ?? {},
      paused: pauseOnConnect,
      onServer: (server) => this.http.start(server),
      onClosed: () => {
        this.clients.delete(socket);
        process.nextTick(() => this.finish());
      },
    });
    Object.assign(socket, { server: this });
    this.clients.add(socket);
    this.emit('connection', socket);
  }

  private dropped({ remote }: ModemLink): DropArgument {
    return {
      ...(this.at && { localAddress: this.at.address, localPort: this.at.port, localFamily: 'IPv4' }),
      remoteAddress: remote.host,
      remotePort: remote.port,
      remoteFamily: 'IPv4',
    };
  }

  private closeOnAbort(signal: AbortSignal | undefined, open: Subscription): void {
    if (signal === undefined) return;
    const close = () => void (this.open === open && this.close());
    if (signal.aborted) process.nextTick(close);
    signal.addEventListener('abort', close, { once: true });
    open.add(() => signal.removeEventListener('abort', close));
  }

  /** Gives the server back when it is to close and nobody is left. */
  private finish(): void {
    if (!this.isClosing || this.clients.size > 0 || this.open === undefined) return;
    this.stop(() => this.emit('close'));
  }

  private failed(error: Error): void {
    const hasListened = this.at !== undefined;
    this.stop(() => {
      this.emit('error', error);
      if (hasListened) process.nextTick(() => this.emit('close'));
    });
  }

  /** Calls back once the module has given up the server. */
  private stop(then: () => void): void {
    this.open?.unsubscribe();
    this.http.stop();
    this.holding.whenReleased(() => {
      process.nextTick(() => {
        this.open = undefined;
        this.at = undefined;
        then();
      });
    });
  }
}

/**
 * Makes a {@link ModemServer}: `createServer(net, (socket) => socket.pipe(socket)).listen(7)`, or
 * `createServer(net, http.createServer(…)).listen(80)` for a server that clients are handed to.
 */
export function createServer(
  source: NetworkSource,
  first?: ModemServerOptions | ServerToHand | ((socket: ModemSocket) => void),
  second?: ServerToHand | ((socket: ModemSocket) => void),
): ModemServer {
  const handlers = [first, second];
  const options = handlers.find(
    (one): one is ModemServerOptions => typeof one === 'object' && !('emit' in one),
  );
  const server = new ModemServer(source, options);
  for (const handler of handlers) {
    if (typeof handler === 'function') server.on('connection', handler as () => void);
    else if (handler !== undefined && handler !== options) server.handTo(handler as ServerToHand);
  }
  return server;
}

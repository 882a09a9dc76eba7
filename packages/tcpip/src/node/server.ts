import { type DropArgument, Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ListenArguments, listenArguments } from './arguments.js';
import { defineGetters } from './getters.js';
import { HttpProtection } from './http-protection.js';
import type { LinkStreamOptions } from './link-stream-options.js';
import { Listening } from './listening.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { usageError } from './node-error.js';
import { ModemSocket } from './socket.js';
import { joinedTo } from './tls.js';

/** Settings of a {@link ModemServer}. */
export interface ModemServerOptions extends Omit<LinkStreamOptions, 'signal' | 'onread'> {
  /** Leaves what a client sends where it is until its socket is resumed. Default false. */
  readonly pauseOnConnect?: boolean | undefined;
}

/** A server that clients are handed to by its event `connection`: one of `node:http`, `node:https`, `node:tls`, … */
export interface ServerToHand {
  /**
   * Emits `connection` with each client.
   *
   * @param event - `connection`.
   * @param socket - The client.
   * @returns Whether it has a listener.
   */
  emit(event: string, socket: Socket): boolean;
  /**
   * Listens to the sockets that it makes of clients, before its own listeners.
   *
   * @param event - `secureConnection`.
   * @param listener - Called with each secure socket.
   * @returns Anything; not used.
   */
  prependListener(event: string, listener: (secure: TLSSocket) => void): unknown;
  /** Whether it listens to a port of its own; then it cannot be handed clients. */
  readonly listening: boolean;
  /**
   * Closes it, and its idle clients.
   *
   * @returns Anything; not used.
   */
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
 * `listen()` on the same port reopens a server that still has clients; on another port it is a second one of the
 * module's four until they have left.
 *
 * Clients beyond `maxConnections` are turned away. Over an observable of networks it listens again on
 * each network that follows a lost one; its clients are lost with the network, and `error` is emitted
 * only when it cannot listen again.
 */
export class ModemServer extends Server {
  private readonly source: NetworkSource;
  private readonly options: ModemServerOptions;
  private readonly clients = new Set<ModemSocket>();
  private readonly http = new HttpProtection();
  /** What `listen()` has started and `close()` has not stopped. */
  private current: Listening | undefined;
  /** What was closed while it had clients, or is being given up. */
  private readonly closing = new Set<Listening>();
  private isCloseDue = false;

  /**
   * @param source The network, or an observable of networks.
   * @param options Settings of the server and of the sockets that it accepts.
   * @param onConnection Called with each client.
   */
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
      listening: (server) => server.current?.at !== undefined,
    });
  }

  /** Returns where it listens; null before `listening` and after `close`. */
  override address(): { address: string; family: 'IPv4'; port: number } | null {
    const at = this.current?.at;
    return at === undefined ? null : { ...at, family: 'IPv4' };
  }

  /**
   * Listens: `(options, callback)` or `(port, host, backlog, callback)`. Emits `listening`, or
   * `error` when it cannot, never before it returns.
   *
   * @throws {Error} `ERR_SERVER_ALREADY_LISTEN`.
   */
  override listen(...args: ListenArguments): this {
    const { options, callback } = listenArguments(args);
    if (this.current !== undefined) {
      throw usageError('ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once.');
    }
    if (callback !== undefined) this.once('listening', callback);
    const listening = [...this.closing].find((one) => one.canReopen(options.port)) ?? this.newListening();
    this.current = listening;
    this.closing.delete(listening);
    this.closeOnAbort(options.signal, listening);
    const isOpen = listening.at !== undefined;
    if (isOpen) listening.reopen();
    process.nextTick(() => {
      if (!isOpen) listening.start(this.source, options);
      else if (this.current === listening) this.emit('listening');
    });
    return this;
  }

  /**
   * Stops accepting. Emits `close`, and calls back, when the last client has left; calls back with
   * `ERR_SERVER_NOT_RUNNING` when it does not listen.
   */
  override close(callback?: (error?: Error) => void): this {
    const listening = this.current;
    if (callback !== undefined && listening !== undefined) this.once('close', callback);
    else if (callback !== undefined) {
      this.once('close', () => callback(usageError('ERR_SERVER_NOT_RUNNING', 'Server is not running.')));
    }
    this.isCloseDue = true;
    if (listening === undefined) {
      process.nextTick(() => this.emitCloseIfOver());
      return this;
    }
    this.current = undefined;
    this.closing.add(listening);
    this.http.closeIdleConnections();
    listening.close();
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

  /**
   * Closes it.
   *
   * @returns Resolves when the last client has left.
   */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.current === undefined) return;
    await new Promise<void>((resolve) => this.close(() => resolve()));
  }

  /**
   * Gives every client to another server, by its event `connection`.
   *
   * @param server The other server.
   */
  handTo(server: ServerToHand): this {
    this.on('listening', () => this.http.start(server));
    this.on('connection', (socket) => server.emit('connection', socket));
    // Before the server's own listeners, which may ask it for the address.
    server.prependListener('secureConnection', joinedToParent);
    return this;
  }

  private newListening(): Listening {
    const listening: Listening = new Listening({
      onListening: () => this.emit('listening'),
      onClient: (link) => this.accept(link, listening),
      onFailed: (error, hasListened) => {
        this.given(listening);
        this.emit('error', error);
        this.isCloseDue ||= hasListened;
        process.nextTick(() => this.emitCloseIfOver());
      },
      onClosed: () => {
        this.given(listening);
        this.emitCloseIfOver();
      },
    });
    return listening;
  }

  /** The module has given up a server. */
  private given(listening: Listening): void {
    this.closing.delete(listening);
    if (this.current === listening) this.current = undefined;
    if (this.current === undefined && this.closing.size === 0) this.http.stop();
  }

  private emitCloseIfOver(): void {
    const isOver = this.current === undefined && this.closing.size === 0 && this.clients.size === 0;
    if (!isOver || !this.isCloseDue) return;
    this.isCloseDue = false;
    this.emit('close');
  }

  private accept(link: ModemLink, listening: Listening): void {
    if (listening.isClosing || this.clients.size >= (this.maxConnections ?? Number.POSITIVE_INFINITY)) {
      link.close().subscribe();
      if (!listening.isClosing) this.emit('drop', dropped(link, listening));
      return;
    }
    const { pauseOnConnect = false, ...options } = this.options;
    const socket = ModemSocket.accepted(this.source, link, {
      ...options,
      local: listening.at ?? {},
      paused: pauseOnConnect,
      onServer: (server) => this.http.start(server),
      onClosed: () => {
        this.clients.delete(socket);
        listening.leave(socket);
        process.nextTick(() => this.emitCloseIfOver());
      },
    });
    Object.assign(socket, { server: this });
    this.clients.add(socket);
    listening.enter(socket);
    this.emit('connection', socket);
  }

  private closeOnAbort(signal: AbortSignal | undefined, listening: Listening): void {
    if (signal === undefined) return;
    const close = () => void (this.current === listening && this.close());
    if (signal.aborted) process.nextTick(close);
    signal.addEventListener('abort', close, { once: true });
    listening.add(() => signal.removeEventListener('abort', close));
  }
}

function dropped({ remote }: ModemLink, { at }: Listening): DropArgument {
  return {
    ...(at && { localAddress: at.address, localPort: at.port, localFamily: 'IPv4' }),
    remoteAddress: remote.host,
    remotePort: remote.port,
    remoteFamily: 'IPv4',
  };
}

/** Node keeps the socket below a TLS socket in `_parent`, and nowhere else. */
function joinedToParent(secure: TLSSocket): void {
  joinedTo((secure as unknown as { readonly _parent: unknown })._parent, secure);
}

import { type AddressInfo, isIP } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { type ConnectArguments, connectArguments, type Destination } from './arguments.js';
import { type Dialled, dial, type SocketAddress } from './dial.js';
import { validDuration } from './duration.js';
import { defineGetters, type Getters } from './getters.js';
import { Holding } from './holding.js';
import { IdleTimer } from './idle-timer.js';
import type { LinkQueue, LinkWait } from './link-queue.js';
import { LinkStream } from './link-stream.js';
import type { LinkStreamOptions } from './link-stream-options.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { type Attempt, usageError } from './node-error.js';
import { awaitsConnected } from './tls-start.js';

/** Settings of a {@link ModemSocket}. */
export interface ModemSocketOptions extends LinkStreamOptions, LinkWait {
  /**
   * Whether the connection may be closed for another one that waits for a link, while it is idle:
   * connected and `unref()`ed, as agents leave the connections that they keep. Default false.
   */
  readonly yields?: boolean | undefined;
}

/** How a socket of an accepted client begins. */
export interface AcceptedOptions extends LinkStreamOptions {
  readonly local: SocketAddress;
  /** Leaves what the client sends where it is. */
  readonly paused: boolean;
  /** Called with the server, such as an `http.Server`, that takes the socket over. */
  readonly onServer: (server: unknown) => void;
  /** Called once the socket is closed, also when a program has removed all listeners. */
  readonly onClosed: () => void;
}

/**
 * A TCP connection through the modem: a `net.Socket` that has no handle of the operating system.
 *
 * `close` is emitted when the module has given up the link, so that the next connection finds it
 * free. Errors have Node's `code` and `syscall`, and as `cause` what the modem said.
 *
 * It differs where the module does. There is no half-closed state. After `end()`, the link stays
 * open while the program reads (or with `allowHalfOpen`), until the peer ends or has sent nothing for
 * `halfCloseTimeout`; then it is closed, and the stream with it, without an `end`. If it does not read,
 * the link is closed as soon as all that was written is sent. A reset by the peer looks like its
 * end. `setNoDelay` and `setKeepAlive` change nothing, and neither do `ref` and `unref`: it is the
 * modem's port that keeps the process alive.
 */
export class ModemSocket extends LinkStream {
  /** Always empty: the module chooses no address family. */
  override autoSelectFamilyAttemptedAddresses: string[] = [];
  private readonly source: NetworkSource;
  private readonly options: ModemSocketOptions;
  private readonly idle = new IdleTimer(() => this.emit('timeout'));
  private holding = new Holding();
  private queue: LinkQueue | undefined;
  private isReferenced = true;
  private remote: SocketAddress = {};
  private local: SocketAddress = {};
  private onServer: ((server: unknown) => void) | undefined;
  private servedBy: unknown = null;

  /**
   * @param source - The network, or an observable of networks.
   * @param options - Settings, as of `new net.Socket`, and those of the modem.
   */
  constructor(source: NetworkSource, options: ModemSocketOptions = {}) {
    super(options);
    this.source = source;
    this.options = options;
    // Not before: it may be aborted already.
    if (options.signal !== undefined) addAbortSignal(options.signal, this);
  }

  /**
   * The socket of a client that the module has accepted.
   *
   * @internal
   */
  static accepted(
    source: NetworkSource,
    link: ModemLink,
    { local, paused, onServer, onClosed, ...options }: AcceptedOptions,
  ): ModemSocket {
    const socket = new ModemSocket(source, options);
    socket.local = local;
    socket.remote = { address: link.remote.host, port: link.remote.port };
    socket.onServer = onServer;
    const release = socket.holding.acquire();
    socket.open.add(() => link.close().subscribe({ error: release, complete: release }));
    socket.holding.whenReleased(onClosed);
    socket.link = link;
    socket.takeTurn();
    if (paused) socket.pause();
    else socket.read(0);
    return socket;
  }

  static {
    defineGetters(ModemSocket.prototype, {
      pending: (socket) => socket.link === undefined || socket.destroyed,
      remoteAddress: (socket) => socket.remote.address,
      remotePort: (socket) => socket.remote.port,
      remoteFamily: (socket) => familyOf(socket.remote),
      localAddress: (socket) => socket.local.address,
      localPort: (socket) => socket.local.port,
      localFamily: (socket) => familyOf(socket.local),
    } as Getters<ModemSocket>);
    // Servers of Node write it; only newer types of Node declare it.
    Object.defineProperty(ModemSocket.prototype, 'server', {
      configurable: true,
      get(this: ModemSocket) {
        return this.servedBy;
      },
      set(this: ModemSocket, server: unknown) {
        this.servedBy = server;
        this.onServer?.(server);
      },
    });
  }

  /** This end; `{}` while there is no connection. */
  override address(): AddressInfo | Record<string, never> {
    const { address, port } = this.local;
    const family = familyOf(this.local);
    if (address === undefined || family === undefined) return {};
    return { address, family, ...(port !== undefined && { port }) } as AddressInfo;
  }

  /**
   * Connects: `(options, callback)` or `(port, host, callback)`. Waits for a link while all ten are
   * in use. Emits `lookup` when a name was looked up, then `connect` and `ready`, never before it
   * returns. A socket that is closed can connect again.
   */
  override connect(...args: ConnectArguments): this {
    const { options, callback } = connectArguments(args);
    if (this.destroyed) {
      this.renew();
      this.holding = new Holding();
      this.remote = {};
      this.local = {};
    }
    if (callback !== undefined) this.once('connect', callback);
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    this.setConnecting(true);
    // What is written before the connection is there goes out together.
    this.cork();
    this.active();
    process.nextTick(() => {
      if (this.connecting) this.dial(options);
    });
    return this;
  }

  /** Emits `timeout` when for so many ms nothing was sent or received; 0 is never. */
  override setTimeout(ms: number, callback?: () => void): this {
    if (this.destroyed) return this;
    (this as { timeout?: number }).timeout = ms;
    this.idle.start(validDuration(ms));
    if (callback !== undefined && ms === 0) this.off('timeout', callback);
    else if (callback !== undefined) this.once('timeout', callback);
    return this;
  }

  override ref(): this {
    this.isReferenced = true;
    this.queue?.withdraw(this);
    return this;
  }

  /** Changes nothing for the process; see {@link ModemSocketOptions.yields}. */
  override unref(): this {
    this.isReferenced = false;
    this.offerLink();
    return this;
  }

  /** Destroys the socket once what was written is sent. */
  override destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** Closes at once, without sending what is queued; the module has no way to send a reset. */
  override resetAndDestroy(): this {
    const connected = this.link !== undefined || this.connecting;
    this.destroy(connected ? undefined : usageError('ERR_SOCKET_CLOSED', 'Socket is closed'));
    return this;
  }

  override once(event: string | symbol, listener: (...args: never[]) => void): this {
    super.once(event as string, listener as () => void);
    if (event === 'connect' && !this.pending && !this.connecting && awaitsConnected()) {
      process.nextTick(() => {
        this.off(event, listener as () => void);
        (listener as () => void)();
      });
    }
    return this;
  }

  /** @internal */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.idle.stop();
    this.queue?.withdraw(this);
    super._destroy(error, callback);
  }

  protected override active(): void {
    this.idle.refresh();
  }

  /** @internal */
  protected override attempt(syscall: 'read' | 'write'): Attempt {
    // As in Node, the address is only given for connections that were not made.
    return { syscall };
  }

  protected override whenReleased(callback: () => void): void {
    this.holding.whenReleased(callback);
  }

  private dial(to: Destination): void {
    let attempt: readonly [address: string, port: number, family: number] | undefined;
    const dialled$ = dial(this.source, to, {
      onLookup: (...found) => this.emit('lookup', ...found, to.host),
      onAttempt: (address) => {
        attempt = [address, to.port, isIP(address)];
        this.emit('connectionAttempt', ...attempt);
      },
      holding: this.holding,
      wait: this.options,
    });
    this.open.add(
      dialled$.subscribe({
        next: (dialled) => this.connected(dialled),
        // Later errors show where they are noticed: when something is read or written.
        error: (error: Error) => {
          if (!this.connecting) return;
          if (attempt !== undefined) this.emit('connectionAttemptFailed', ...attempt, error);
          this.destroy(error);
        },
      }),
    );
  }

  private connected({ link, remote, local, queue }: Dialled): void {
    this.setConnecting(false);
    this.remote = remote;
    this.local = local;
    this.queue = queue;
    this.active();
    this.link = link;
    this.takeTurn();
    this.emit('connect');
    this.emit('ready');
    this.begin();
    this.offerLink();
  }

  private offerLink(): void {
    const isIdle = !this.isReferenced && !this.pending;
    if (isIdle && this.options.yields === true) this.queue?.offer(this);
  }
}

function familyOf({ address }: SocketAddress): 'IPv4' | 'IPv6' | undefined {
  const version = isIP(address ?? '');
  return version === 0 ? undefined : `IPv${version === 4 ? 4 : 6}`;
}

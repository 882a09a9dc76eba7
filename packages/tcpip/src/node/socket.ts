import { isIP } from 'node:net';
import { type ConnectArguments, connectArguments, type Destination } from './arguments.js';
import { type Dialled, dial, type Endpoint } from './dial.js';
import { IdleTimer } from './idle-timer.js';
import { LinkStream, type LinkStreamOptions } from './link-stream.js';
import type { ModemLink, NetworkSource } from './modem-network.js';
import { type Attempt, usageError } from './node-error.js';

/**
 * A TCP connection through the modem, in the shape of a `net.Socket`.
 *
 * It differs where the module does. There is no half-closed state: `end()` sends what is queued,
 * waits until the module has taken it, then closes both directions. A reset by the peer looks like
 * its end. `setNoDelay`, `setKeepAlive`, `ref` and `unref` change nothing: nothing is delayed, and
 * it is the modem's port that keeps the process alive. Errors have Node's `code` and `syscall`,
 * and what the modem said as `cause`.
 */
export class ModemSocket extends LinkStream {
  /** Always empty: the module chooses no address family. */
  readonly autoSelectFamilyAttemptedAddresses: string[] = [];
  /** As set by {@link setTimeout}, in ms. */
  timeout: number | undefined;
  private readonly source: NetworkSource;
  private readonly idle = new IdleTimer(() => this.emit('timeout'));
  private remote: Endpoint = {};
  private local: Endpoint = {};

  constructor(source: NetworkSource, options: LinkStreamOptions = {}) {
    super(options);
    this.source = source;
  }

  /** The socket of a client that the module has accepted; `paused` leaves what it sends where it is. */
  static accepted(
    source: NetworkSource,
    link: ModemLink,
    { local, paused, ...options }: LinkStreamOptions & { local: Endpoint; paused: boolean },
  ): ModemSocket {
    const socket = new ModemSocket(source, options);
    socket.local = local;
    socket.remote = { address: link.remote.host, port: link.remote.port };
    socket.open.add(() => link.close().subscribe());
    socket.link = link;
    if (!paused) socket.read(0);
    return socket;
  }

  /** Not connected yet. */
  get pending(): boolean {
    return this.link === undefined;
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  get remoteAddress(): string | undefined {
    return this.remote.address;
  }

  get remotePort(): number | undefined {
    return this.remote.port;
  }

  get remoteFamily(): string | undefined {
    return familyOf(this.remote);
  }

  get localAddress(): string | undefined {
    return this.local.address;
  }

  get localPort(): number | undefined {
    return this.local.port;
  }

  get localFamily(): string | undefined {
    return familyOf(this.local);
  }

  /** Bytes that the module has not taken yet. */
  get bufferSize(): number {
    return this.writableLength;
  }

  /** This end; `{}` while there is no connection. */
  address(): { address?: string | undefined; family?: string | undefined; port?: number | undefined } {
    return this.local.address === undefined ? {} : { ...this.local, family: this.localFamily };
  }

  /**
   * Connects: `(options, callback)` or `(port, host, callback)`. Emits `lookup` when a name was
   * looked up, then `connect` and `ready`, never before it returns. A socket that is closed can
   * connect again.
   */
  connect(...args: ConnectArguments): this {
    const { options, callback } = connectArguments(args);
    if (this.destroyed) this.renew();
    if (callback !== undefined) this.once('connect', callback);
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    this.connecting = true;
    // What is written before the connection is there goes out together.
    this.cork();
    process.nextTick(() => {
      if (this.connecting) this.begin(options);
    });
    return this;
  }

  /** Emits `timeout` when for so many ms nothing was sent or received; 0 is never. */
  setTimeout(ms: number, callback?: () => void): this {
    this.timeout = ms;
    this.idle.start(ms);
    if (callback !== undefined && ms === 0) this.off('timeout', callback);
    else if (callback !== undefined) this.once('timeout', callback);
    return this;
  }

  setNoDelay(_noDelay?: boolean): this {
    return this;
  }

  setKeepAlive(_enable?: boolean, _initialDelay?: number): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Destroys the socket once what was written is sent. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** Closes at once, without sending what is queued; the module has no way to send a reset. */
  resetAndDestroy(): this {
    const connected = this.link !== undefined || this.connecting;
    this.destroy(connected ? undefined : usageError('ERR_SOCKET_CLOSED', 'Socket is closed'));
    return this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.idle.stop();
    super._destroy(error, callback);
  }

  protected override active(): void {
    this.idle.refresh();
  }

  protected override attempt(syscall: 'read' | 'write'): Attempt {
    // As Node has it: the address is only said of connections that were not made.
    return { syscall };
  }

  private begin(to: Destination): void {
    const dialled$ = dial(this.source, to, (...found) => this.emit('lookup', ...found, to.host));
    this.open.add(
      dialled$.subscribe({
        next: (dialled) => this.connected(dialled),
        // Later on it is told where it is noticed: to whom reads or writes.
        error: (error: Error) => this.connecting && this.destroy(error),
      }),
    );
  }

  private connected({ link, remote, local }: Dialled): void {
    this.connecting = false;
    this.remote = remote;
    this.local = local;
    this.active();
    this.link = link;
    this.emit('connect');
    this.emit('ready');
    this.proceed();
  }
}

function familyOf({ address }: Endpoint): 'IPv4' | 'IPv6' | undefined {
  const version = isIP(address ?? '');
  return version === 0 ? undefined : `IPv${version === 4 ? 4 : 6}`;
}

import type { RemoteInfo } from 'node:dgram';
import { isIP } from 'node:net';
import { concatMap, finalize, isObservable, map, retry, Subscription, throwError, timer } from 'rxjs';
import { validPort } from './arguments.js';
import { type SendArguments, type SendCallback, sendArguments } from './datagram-arguments.js';
import type { BindArguments, DatagramSocketOptions } from './datagram-options.js';
import { type Bound, DatagramPort, isSame, type Peer } from './datagram-port.js';
import { DatagramSettings } from './datagram-settings.js';
import { lookup } from './lookup.js';
import type { NetworkSource } from './modem-network.js';
import { codeOf, nodeError, unsupported, usageError } from './node-error.js';
import { OnePerTurn } from './one-per-turn.js';

/** Time in ms after which a datagram is sent again that an outage has interrupted. */
const RETRY_PAUSE = 20;

/**
 * A UDP port of the module, in the shape of a `dgram.Socket`. Events: `listening`, `connect`,
 * `message` with the bytes and their `RemoteInfo`, `error`, `close`.
 *
 * It takes one of the module's ten links, and waits for one while all are in use. `close` is emitted
 * when the module has given up the link. Over an observable of networks it is bound again, on the
 * same port, on each network that follows a lost one.
 *
 * The module says who sent a datagram in a network that was opened with `receive: 'push'`. Otherwise
 * the socket talks to one peer: the first that it sends or connects to. Binding it to a port of the
 * caller's choice, as servers do, or sending to a second peer then fails with `ENOTSUP`.
 */
export class ModemDatagramSocket extends DatagramSettings {
  private readonly source: NetworkSource;
  private readonly options: DatagramSocketOptions;
  private readonly open = new Subscription();
  private readonly port: DatagramPort;
  private state: 'unbound' | 'binding' | 'bound' | 'closed' = 'unbound';
  private at: Peer | undefined;
  private peer: Peer | undefined;
  private isConnecting = false;
  private readonly incoming = new OnePerTurn<() => void>((emit) => emit());
  /** What is being sent, or waits for that. */
  private readonly sending = new Set<Uint8Array>();
  private onSent: (() => void) | undefined;

  /**
   * @param source - The network, or an observable of networks.
   * @param options - Settings, as of `dgram.createSocket`.
   */
  constructor(source: NetworkSource, options: DatagramSocketOptions = {}) {
    super(options);
    this.source = source;
    this.options = options;
    this.port = new DatagramPort(source, options);
    this.closeOnAbort(options.signal);
  }

  /**
   * Returns where the socket is bound.
   *
   * @returns Its local address.
   * @throws An error with `EBADF` before `listening`.
   */
  address(): { address: string; family: 'IPv4'; port: number } {
    this.assertOpen();
    if (this.at === undefined) throw nodeError(undefined, { syscall: 'getsockname' }, 'EBADF');
    return { ...this.at, family: 'IPv4' };
  }

  /**
   * Returns the peer of a connected socket.
   *
   * @returns The peer's address.
   * @throws An error with `ERR_SOCKET_DGRAM_NOT_CONNECTED` when the socket is not connected.
   */
  remoteAddress(): { address: string; family: 'IPv4'; port: number } {
    this.assertOpen();
    if (this.peer === undefined) throw usageError('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
    return { ...this.peer, family: 'IPv4' };
  }

  /**
   * Binds the socket, and emits `listening` later. A port other than 0 needs a network with
   * `receive: 'push'`.
   *
   * @param args - `(port, address, callback)` or `(options, callback)`.
   * @returns The socket.
   * @throws An error with `ERR_SOCKET_ALREADY_BOUND` when it is bound already.
   */
  bind(...args: BindArguments): this {
    this.assertOpen();
    if (this.state !== 'unbound') throw usageError('ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
    const [first] = args;
    const port = typeof first === 'object' && first !== null ? first.port : first;
    const callback = args.find((value) => typeof value === 'function');
    if (callback !== undefined) this.callOnce(callback);
    const isAny = typeof port === 'function' || port === undefined || port === null;
    this.start(isAny ? 0 : validPort(port, 0));
    return this;
  }

  /**
   * Sends a datagram. Binds the socket to any port if it is not bound.
   *
   * @param args - Message, port, address and callback; see {@link SendArguments}.
   */
  send(...args: SendArguments): void {
    const { bytes, port, address, callback } = sendArguments(args, this.peer !== undefined);
    this.assertOpen();
    if (bytes.length === 0) {
      const error = unsupported('send', 'The module cannot send an empty datagram.');
      process.nextTick(() => this.failedTo(error, callback));
      return;
    }
    const to = this.peer ?? { address: address || 'localhost', port: port ?? 0 };
    if (this.state === 'unbound') this.start(0);
    this.sending.add(bytes);
    const sent$ = this.port.whenBound(({ network, datagrams }) =>
      lookup(network, to.address, this.options.lookup, () => {}).pipe(
        concatMap((found) => {
          const peer = { address: found, port: to.port };
          this.port.assertOnlyPeer(network, peer);
          return datagrams.send(bytes, { host: found, port: to.port });
        }),
      ),
    );
    // What an outage has interrupted is sent on the next network.
    const again = (error: unknown) =>
      isObservable(this.source) && codeOf(error, { syscall: 'send' }) === 'ENETDOWN'
        ? timer(RETRY_PAUSE)
        : throwError(() => error);
    this.open.add(
      sent$
        .pipe(
          retry({ delay: again }),
          finalize(() => this.sent(bytes)),
        )
        .subscribe({
          error: (error: unknown) => this.failedTo(nodeError(error, { syscall: 'send', ...to }), callback),
          complete: () => callback?.(null, bytes.length),
        }),
    );
  }

  /**
   * Connects the socket: from now on it sends to, and receives from, one peer only. Emits `connect` later.
   *
   * @param port - The peer's port.
   * @param address - The peer's address or name, or the callback. Default `localhost`.
   * @param callback - Called on `connect`.
   * @throws An error with `ERR_SOCKET_DGRAM_IS_CONNECTED` when the socket is connected already.
   */
  connect(port: number, address?: string | (() => void), callback?: () => void): void {
    this.assertOpen();
    if (this.peer !== undefined || this.isConnecting) {
      throw usageError('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
    }
    const to = { address: (typeof address === 'string' && address) || 'localhost', port: validPort(port, 1) };
    const listener = typeof address === 'function' ? address : callback;
    if (listener !== undefined) this.once('connect', listener);
    this.isConnecting = true;
    if (this.state === 'unbound') this.start(0);
    const found$ = this.port.whenBound(({ network }) =>
      lookup(network, to.address, this.options.lookup, () => {}).pipe(
        map((found) => {
          const peer = { address: found, port: to.port };
          this.port.assertOnlyPeer(network, peer);
          return peer;
        }),
      ),
    );
    this.open.add(
      found$.pipe(finalize(() => (this.isConnecting = false))).subscribe({
        next: (peer) => {
          this.peer = peer;
          process.nextTick(() => this.emit('connect'));
        },
        error: (cause: unknown) => {
          if (listener !== undefined) this.off('connect', listener);
          this.failedTo(
            nodeError(cause, { syscall: 'connect', ...to }),
            listener as SendCallback | undefined,
          );
        },
      }),
    );
  }

  /**
   * Receives from any sender again.
   *
   * @throws An error with `ERR_SOCKET_DGRAM_NOT_CONNECTED` when the socket is not connected.
   */
  disconnect(): void {
    this.remoteAddress();
    this.peer = undefined;
  }

  /**
   * Closes the socket after what is being sent. Emits `close` when the link is free.
   *
   * @param callback - Called on `close`.
   * @returns The socket.
   */
  close(callback?: () => void): this {
    this.assertOpen();
    if (callback !== undefined) this.once('close', callback);
    this.state = 'closed';
    this.at = undefined;
    const release = () => {
      this.open.unsubscribe();
      this.port.release();
      this.port.whenReleased(() => process.nextTick(() => this.emit('close')));
    };
    if (this.sending.size === 0) release();
    else this.onSent = release;
    return this;
  }

  /**
   * Closes the socket unless it is closed.
   *
   * @returns A promise that resolves when the link is free.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.state === 'closed') return;
    await new Promise<void>((resolve) => this.close(resolve));
  }

  /**
   * Returns the number of bytes that wait to be sent.
   *
   * @returns The sum over all datagrams.
   */
  getSendQueueSize(): number {
    return [...this.sending].reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Returns the number of datagrams that wait to be sent.
   *
   * @returns Those that the module has not accepted yet.
   */
  getSendQueueCount(): number {
    return this.sending.size;
  }

  protected override get isBound(): boolean {
    return this.state === 'bound';
  }

  private assertOpen(): void {
    if (this.state === 'closed') throw usageError('ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
  }

  private start(wanted: number): void {
    this.state = 'binding';
    process.nextTick(() => {
      if (this.state === 'closed' && this.sending.size === 0) return;
      let isFirst = false;
      this.port.bind(wanted, {
        onBound: (bound, port) => {
          isFirst = this.state === 'binding';
          if (isFirst) this.incoming.take();
          this.started(bound, port);
        },
        onUsable: () => {
          if (isFirst) this.emit('listening');
        },
        onFailed: (error) => this.failed(error),
      });
      if (this.state === 'closed' && this.sending.size === 0) this.port.release();
    });
  }

  /** It is bound, for the first time or again after an outage. */
  private started(opened: Bound, port: number): void {
    if (this.state !== 'closed') {
      this.state = 'bound';
      this.at = { address: opened.network.address, port };
    }
    this.open.add(
      opened.datagrams.datagrams$.subscribe({
        next: ({ bytes, from }) =>
          this.received(
            bytes,
            from === undefined ? this.port.onlyPeer : { address: from.host, port: from.port },
          ),
        // The loss of the port is also an error of what opened it.
        error: () => {},
      }),
    );
  }

  private received(bytes: Uint8Array, from: Peer | undefined): void {
    if (from === undefined) return;
    const family = isIP(from.address) === 6 ? 'IPv6' : 'IPv4';
    const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.incoming.push(() => {
      if (this.state === 'closed' || (this.peer !== undefined && !isSame(this.peer, from))) return;
      this.emit('message', message, { ...from, family, size: bytes.length } satisfies RemoteInfo);
    });
  }

  private sent(bytes: Uint8Array): void {
    this.sending.delete(bytes);
    if (this.sending.size === 0) this.onSent?.();
  }

  private failedTo(error: Error, callback: SendCallback | undefined): void {
    if (callback === undefined) this.emit('error', error);
    else callback(error, 0);
  }

  private failed(error: Error): void {
    this.port.release();
    if (this.state === 'closed') {
      this.sending.clear();
      this.onSent?.();
      return;
    }
    this.state = 'unbound';
    this.at = undefined;
    this.emit('error', error);
  }

  /** Calls back at `listening`, unless the socket cannot be bound. */
  private callOnce(callback: () => void): void {
    const forget = () => {
      this.off('error', forget);
      this.off('listening', called);
    };
    const called = () => {
      forget();
      callback.call(this);
    };
    this.on('error', forget);
    this.on('listening', called);
  }

  private closeOnAbort(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const close = () => void (this.state !== 'closed' && this.close());
    if (signal.aborted) close();
    signal.addEventListener('abort', close, { once: true });
    this.open.add(() => signal.removeEventListener('abort', close));
  }
}

import { EventEmitter } from 'node:events';
import { isIP, type LookupFunction } from 'node:net';
import { concatMap, map, type Observable, ReplaySubject, Subscription, switchMap, take } from 'rxjs';
import { validPort } from './arguments.js';
import { type SendArguments, type SendCallback, sendArguments } from './datagram-arguments.js';
import { lookup } from './lookup.js';
import type { ModemDatagrams, ModemNetwork, NetworkSource } from './modem-network.js';
import { nodeError, usageError } from './node-error.js';
import { onPort } from './on-port.js';

/** Settings of a {@link ModemDatagramSocket}. */
export interface DatagramSocketOptions {
  /** The module has IPv4. Default `udp4`. */
  readonly type?: 'udp4' | 'udp6' | undefined;
  /** Finds the address of a name instead of the module. */
  readonly lookup?: LookupFunction | undefined;
}

/** Who sent a datagram, as the event `message` says it. */
export interface RemoteInfo {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly port: number;
  readonly size: number;
}

/** How a socket is bound. */
export interface BindOptions {
  /** 1 to 65535; 0 is one of the dynamic ports. Default 0. */
  readonly port?: number | undefined;
  /** Ignored: the module has one address. */
  readonly address?: string | undefined;
}

interface Peer {
  readonly address: string;
  readonly port: number;
}

/**
 * A UDP port of the module, in the shape of a `dgram.Socket`. Events: `listening`, `connect`,
 * `message` with the bytes and {@link RemoteInfo}, `error`, `close`.
 *
 * It takes one of the module's ten links. Who sent a datagram is known in a network that was opened
 * with `receive: 'push'`; otherwise the module does not tell, and `message` names the peer that the
 * last datagram went to, which is right for questions and answers with one server.
 */
export class ModemDatagramSocket extends EventEmitter {
  private readonly source: NetworkSource;
  private readonly options: DatagramSocketOptions;
  private readonly open = new Subscription();
  /** Replays the bound port, once it is. */
  private readonly bound = new ReplaySubject<{ network: ModemNetwork; port: ModemDatagrams }>(1);
  private state: 'new' | 'binding' | 'bound' | 'closed' = 'new';
  private at: Peer | undefined;
  private peer: Peer | undefined;
  /** Whom the last datagram went to. */
  private lastPeer: Peer = { address: '0.0.0.0', port: 0 };

  constructor(source: NetworkSource, options: DatagramSocketOptions = {}) {
    super();
    this.source = source;
    this.options = options;
  }

  /** Where it is bound. Throws `EBADF` before `listening`. */
  address(): { address: string; family: 'IPv4'; port: number } {
    if (this.at === undefined) throw nodeError(undefined, { syscall: 'getsockname' }, 'EBADF');
    return { ...this.at, family: 'IPv4' };
  }

  /** Who it is connected to. Throws `ERR_SOCKET_DGRAM_NOT_CONNECTED`. */
  remoteAddress(): { address: string; family: 'IPv4'; port: number } {
    if (this.peer === undefined) throw usageError('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
    return { ...this.peer, family: 'IPv4' };
  }

  /** Binds: `(port, address, callback)` or `(options, callback)`. Emits `listening`, later. */
  bind(...args: readonly (BindOptions | number | string | (() => void) | undefined)[]): this {
    if (this.state !== 'new') throw usageError('ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
    const [first] = args;
    const port = typeof first === 'object' ? first.port : first;
    const callback = args.find((value) => typeof value === 'function');
    if (callback !== undefined) this.once('listening', callback);
    this.start(typeof port === 'function' || port === undefined ? 0 : validPort(port, 0));
    return this;
  }

  /** Sends a datagram; see {@link SendArguments}. Binds the socket to any port if it is not bound. */
  send(...args: SendArguments): void {
    this.assertOpen();
    const { bytes, port, address, callback } = sendArguments(args, this.peer !== undefined);
    const to = this.peer ?? { address: address ?? 'localhost', port: port ?? 0 };
    if (this.state === 'new') this.start(0);
    const sent$ = this.bound.pipe(
      take(1),
      concatMap(({ network, port: bound }) =>
        this.find(network, to.address).pipe(
          concatMap((found) => {
            this.lastPeer = { address: found, port: to.port };
            return bound.send(bytes, { host: found, port: to.port });
          }),
        ),
      ),
    );
    this.open.add(
      sent$.subscribe({
        error: (error: unknown) => this.sendingFailed(nodeError(error, { syscall: 'send', ...to }), callback),
        complete: () => callback?.(null, bytes.length),
      }),
    );
  }

  /** Sends to, and hears of, one peer only from now on. Emits `connect`, later. */
  connect(port: number, address?: string | (() => void), callback?: () => void): void {
    this.assertOpen();
    if (this.peer !== undefined) throw usageError('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
    const host = typeof address === 'string' ? address : 'localhost';
    const listener = typeof address === 'function' ? address : callback;
    if (listener !== undefined) this.once('connect', listener);
    const to = { address: host, port: validPort(port, 1) };
    if (this.state === 'new') this.start(0);
    const found$ = this.bound.pipe(
      take(1),
      switchMap(({ network }) => this.find(network, host)),
    );
    this.open.add(
      found$.subscribe({
        next: (found) => {
          this.peer = { ...to, address: found };
          this.emit('connect');
        },
        error: (error: unknown) => this.emit('error', nodeError(error, { syscall: 'connect', ...to })),
      }),
    );
  }

  /** Hears of everybody again. Throws `ERR_SOCKET_DGRAM_NOT_CONNECTED`. */
  disconnect(): void {
    this.remoteAddress();
    this.peer = undefined;
  }

  /** Gives the port back. Emits `close`, later; what is not sent yet is not sent. */
  close(callback?: () => void): this {
    this.assertOpen();
    if (callback !== undefined) this.once('close', callback);
    this.state = 'closed';
    this.at = undefined;
    this.open.unsubscribe();
    process.nextTick(() => this.emit('close'));
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Closes it unless it is closed. */
  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      if (this.state === 'closed') resolve();
      else this.close(resolve);
    });
  }

  private assertOpen(): void {
    if (this.state === 'closed') throw usageError('ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
  }

  private start(wanted: number): void {
    this.state = 'binding';
    const bound$ = onPort(this.source, wanted, 'bind', (network, port) =>
      network.bind({ port }).pipe(map((bound) => ({ network, bound, port }))),
    );
    process.nextTick(() => {
      if (this.state === 'closed') return;
      this.open.add(
        bound$.subscribe({
          next: ({ network, bound, port }) => this.started(network, bound, port),
          error: (error: Error) => this.failed(error),
        }),
      );
    });
  }

  private started(network: ModemNetwork, bound: ModemDatagrams, port: number): void {
    this.state = 'bound';
    this.at = { address: network.address, port };
    this.open.add(
      bound.datagrams$.subscribe({
        next: ({ bytes, from }) =>
          this.received(bytes, from === undefined ? this.lastPeer : { address: from.host, port: from.port }),
        // The loss of the port comes on the way that it was opened, too.
        error: () => {},
      }),
    );
    this.bound.next({ network, port: bound });
    this.emit('listening');
  }

  private received(bytes: Uint8Array, { address, port }: Peer): void {
    if (this.peer !== undefined && (this.peer.address !== address || this.peer.port !== port)) return;
    const family = isIP(address) === 6 ? 'IPv6' : 'IPv4';
    const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.emit('message', message, { address, family, port, size: bytes.length } satisfies RemoteInfo);
  }

  private find(network: ModemNetwork, name: string): Observable<string> {
    return lookup(network, name, this.options.lookup, () => {});
  }

  private sendingFailed(error: Error, callback: SendCallback | undefined): void {
    if (callback === undefined) this.emit('error', error);
    else callback(error, 0);
  }

  private failed(error: Error): void {
    if (this.state === 'closed') return;
    this.bound.error(error);
    this.emit('error', error);
  }
}

/** Makes a {@link ModemDatagramSocket}: `createSocket(net, 'udp4').bind(5000)`. */
export function createSocket(
  source: NetworkSource,
  options: DatagramSocketOptions | 'udp4' | 'udp6' = 'udp4',
  onMessage?: (message: Buffer, from: RemoteInfo) => void,
): ModemDatagramSocket {
  const socket = new ModemDatagramSocket(source, typeof options === 'string' ? { type: options } : options);
  if (onMessage !== undefined) socket.on('message', onMessage);
  return socket;
}

import type { SocketType } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { nodeError, unsupported } from './node-error.js';

/** Sizes that Node reports for a socket of this computer that was not told others, in bytes. */
const BUFFER_SIZE = 212_992;

/**
 * The settings of a `dgram.Socket`. A modem has none of them: those that a datagram arrives without
 * are accepted and change nothing, and those that it would not arrive without throw `ENOTSUP`.
 */
export abstract class DatagramSettings extends EventEmitter {
  /** `udp4` or `udp6`. */
  readonly type: SocketType;
  private receiveBuffer: number;
  private sendBuffer: number;

  constructor(options: {
    readonly type?: SocketType | undefined;
    readonly recvBufferSize?: number | undefined;
    readonly sendBufferSize?: number | undefined;
  }) {
    super();
    this.type = options.type ?? 'udp4';
    this.receiveBuffer = options.recvBufferSize ?? BUFFER_SIZE;
    this.sendBuffer = options.sendBufferSize ?? BUFFER_SIZE;
  }

  /** Whether the socket is bound. */
  protected abstract readonly isBound: boolean;

  /** Changes nothing: whether the mobile network carries broadcasts is not up to the module. */
  setBroadcast(_flag: boolean): void {
    this.assertBound('setBroadcast');
  }

  /** Changes nothing; returns `ttl`. Throws `EINVAL` unless it is 1 to 255. */
  setTTL(ttl: number): number {
    if (typeof ttl !== 'number') throw wrongType('ttl', 'number', ttl);
    this.assertBound('setTTL');
    if (!(ttl >= 1 && ttl <= 255)) throw nodeError(undefined, { syscall: 'setTTL' }, 'EINVAL');
    return ttl;
  }

  /** As it was set; the module's own buffer is not known. Throws `ERR_SOCKET_BUFFER_SIZE` before `listening`. */
  getRecvBufferSize(): number {
    this.assertBuffered();
    return this.receiveBuffer;
  }

  /** As it was set. Throws `ERR_SOCKET_BUFFER_SIZE` before `listening`. */
  getSendBufferSize(): number {
    this.assertBuffered();
    return this.sendBuffer;
  }

  setRecvBufferSize(size: number): void {
    this.assertBuffered(size);
    this.receiveBuffer = size;
  }

  setSendBufferSize(size: number): void {
    this.assertBuffered(size);
    this.sendBuffer = size;
  }

  addMembership(_address: string, _interface?: string): void {
    throw noMulticast('addMembership');
  }

  dropMembership(_address: string, _interface?: string): void {
    throw noMulticast('dropMembership');
  }

  addSourceSpecificMembership(_source: string, _group: string, _interface?: string): void {
    throw noMulticast('addSourceSpecificMembership');
  }

  dropSourceSpecificMembership(_source: string, _group: string, _interface?: string): void {
    throw noMulticast('dropSourceSpecificMembership');
  }

  setMulticastInterface(_interface: string): void {
    throw noMulticast('setMulticastInterface');
  }

  setMulticastLoopback(_flag: boolean): boolean {
    throw noMulticast('setMulticastLoopback');
  }

  setMulticastTTL(_ttl: number): number {
    throw noMulticast('setMulticastTTL');
  }

  /** Of newer versions of Node. Throws `ENOTSUP`: the module answers later. */
  bindSync(..._options: unknown[]): never {
    throw unsupported('bind', 'A port of the module cannot be bound in one call: use bind().');
  }

  /** Of newer versions of Node. Throws `ENOTSUP`: the module answers later. */
  connectSync(..._options: unknown[]): never {
    throw unsupported('connect', 'A port of the module cannot be connected in one call: use connect().');
  }

  /** Changes nothing: it is the modem's port that keeps the process alive. */
  ref(): this {
    return this;
  }

  /** Changes nothing; see {@link ref}. */
  unref(): this {
    return this;
  }

  private assertBound(syscall: string): void {
    if (!this.isBound) throw nodeError(undefined, { syscall }, 'EBADF');
  }

  private assertBuffered(size?: number): void {
    if (size !== undefined && size >>> 0 !== size) {
      const message = 'Buffer size must be a positive integer';
      throw Object.assign(new TypeError(message), { code: 'ERR_SOCKET_BAD_BUFFER_SIZE' });
    }
    if (this.isBound) return;
    const message = 'Could not get or set buffer size: the socket is not bound';
    throw Object.assign(new Error(message), { code: 'ERR_SOCKET_BUFFER_SIZE' });
  }
}

function noMulticast(syscall: string): Error {
  return unsupported(syscall, 'The module cannot join multicast groups, nor send to them.');
}

function wrongType(name: string, type: string, value: unknown): Error {
  const message = `The "${name}" argument must be of type ${type}. Received ${typeof value}.`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

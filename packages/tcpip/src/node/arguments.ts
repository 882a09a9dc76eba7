import type { LookupFunction } from 'node:net';
import { usageError } from './node-error.js';

/** Where and how a `ModemSocket` connects; what `net.connect` takes besides is ignored. */
export interface ConnectOptions {
  /** 1 to 65535; a number in a string will do. */
  readonly port: number | string;
  /** Address or name; names are looked up by the module. Default `localhost`, as in Node. */
  readonly host?: string | null | undefined;
  /** 0 to 65535. Default: any. */
  readonly localPort?: number | undefined;
  /** Idle time in ms after which `timeout` is emitted, also while connecting. Default: none. */
  readonly timeout?: number | undefined;
  /** Finds the address of a name instead of the module. */
  readonly lookup?: LookupFunction | undefined;
}

/** What `ModemServer.listen` takes. */
export interface ListenOptions {
  /** 1 to 65535: the module has no port that it would choose by itself. */
  readonly port: number;
  /** Connections that may wait while all links are in use, 1 to 3. */
  readonly backlog?: number | undefined;
  /** Ignored: the module has one address. */
  readonly host?: string | undefined;
}

/** The ways to call a method of Node's sockets: a port or options first, a callback last. */
export type Arguments<Options> =
  | readonly [options: Options, callback?: () => void]
  | readonly [port: number | string, callback?: () => void]
  | readonly [port: number | string, second?: string | number, callback?: () => void]
  | readonly [port: number | string, host?: string, third?: number, callback?: () => void];

interface Taken<Options> {
  readonly options: Options;
  readonly callback: (() => void) | undefined;
}

/** Reads `(options, callback)` and `(port, host, callback)`. */
export function connectArguments(args: Arguments<ConnectOptions>): Taken<ConnectOptions> {
  const { first, rest, callback } = split(args);
  if (isOptions(first)) return { options: { ...first, port: validPort(first.port, 1) }, callback };
  const [host] = rest;
  return { options: { port: validPort(first, 1), ...(typeof host === 'string' && { host }) }, callback };
}

/** Reads `(options, callback)` and `(port, host, backlog, callback)`. */
export function listenArguments(args: Arguments<ListenOptions>): Taken<ListenOptions> {
  const { first, rest, callback } = split(args);
  if (isOptions(first)) return { options: { ...first, port: validPort(first.port, 0) }, callback };
  const backlog = rest.find((value) => typeof value === 'number');
  return { options: { port: validPort(first, 0), backlog }, callback };
}

function split<Options>(args: Arguments<Options>) {
  const first = args[0];
  const others: readonly unknown[] = args.slice(1);
  const callback = others.find(isFunction);
  return { first, rest: others.filter((value) => !isFunction(value)), callback };
}

function isFunction(value: unknown): value is () => void {
  return typeof value === 'function';
}

function isOptions<Options>(first: Options | number | string): first is Options {
  return typeof first === 'object' && first !== null;
}

/** A port as a number. Throws `ERR_SOCKET_BAD_PORT`, as Node does. */
export function validPort(port: unknown, min: 0 | 1): number {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number < 65_536)
    return number;
  const message = `Port should be >= ${min} and < 65536. Received ${JSON.stringify(port)}.`;
  throw Object.assign(new RangeError(message), { code: 'ERR_SOCKET_BAD_PORT' });
}

/** Throws for what the module does not have: pipes of this computer. */
export function refusePath(path: unknown): void {
  if (path === undefined || path === null) return;
  throw usageError('ERR_INVALID_ARG_VALUE', `A modem has no local sockets: ${String(path)}`);
}

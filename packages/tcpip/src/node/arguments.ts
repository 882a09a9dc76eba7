import type { LookupFunction } from 'node:net';
import { usageError } from './node-error.js';

/** Where and how to connect. Other options of `net.connect` are ignored. */
export interface SocketConnectOptions {
  /** 1 to 65535; a number in a string will do. */
  readonly port?: number | string | null | undefined;
  /** Address or name; names are looked up by the module. Default `localhost`, as in Node. */
  readonly host?: string | null | undefined;
  /** 0 to 65535. Default: any. */
  readonly localPort?: number | undefined;
  /** Idle time in ms after which `timeout` is emitted, also while connecting. Default: none. */
  readonly timeout?: number | undefined;
  /** Finds the address of a name instead of the module. */
  readonly lookup?: LookupFunction | undefined;
  /** Of a local socket, which a modem does not have: refused where there is no `port`. */
  readonly path?: string | null | undefined;
}

/** Where to connect to, read and checked. */
export interface Destination extends Pick<SocketConnectOptions, 'localPort' | 'timeout' | 'lookup'> {
  readonly host: string;
  readonly port: number;
}

/** Where to listen. */
export interface ServerListenOptions {
  /** 1 to 65535; 0 is one of the dynamic ports (RFC 6335), chosen here: the module chooses none. */
  readonly port?: number | undefined;
  /** Connections that may wait while all links are in use, 1 to 3. Default: the module's, 3. */
  readonly backlog?: number | undefined;
  /** Ignored: the module has one address. */
  readonly host?: string | undefined;
  /** Closes the server. */
  readonly signal?: AbortSignal | undefined;
  /** Of a local socket, which a modem does not have: refused where there is no `port`. */
  readonly path?: string | undefined;
}

/** The ways to connect: `(options, callback)`, `(port, host, callback)`, `(port, callback)`. */
export type ConnectArguments = readonly [
  first: SocketConnectOptions | number | string,
  second?: string | (() => void) | undefined,
  callback?: (() => void) | undefined,
];

/** The ways to listen: `(options, callback)`, `(port, host, backlog, callback)`, less of them. */
export type ListenArguments = readonly (
  | ServerListenOptions
  | number
  | string
  | (() => void)
  | null
  | undefined
)[];

interface Accepted<Options> {
  readonly options: Options;
  readonly callback: (() => void) | undefined;
}

/** Throws what Node throws for arguments that make no sense. */
export function connectArguments(args: ConnectArguments): Accepted<Destination> {
  const [first] = args;
  if (first === undefined || (isOptions<SocketConnectOptions>(first) && isMissing(first))) {
    throw Object.assign(new TypeError('The "options" or "port" or "path" argument must be specified'), {
      code: 'ERR_MISSING_ARGS',
    });
  }
  const {
    host: given,
    port,
    path,
    ...others
  } = isOptions<SocketConnectOptions>(first) ? first : optionsOf(args);
  if (port === undefined && path !== undefined && path !== null) throw noLocalSockets(path);
  const { localPort, timeout, lookup } = others;
  return {
    options: { host: given ?? 'localhost', port: validPort(port, 1), localPort, timeout, lookup },
    callback: args.find(isFunction),
  };
}

function optionsOf([first, second]: ConnectArguments): SocketConnectOptions {
  // As in Node, a string that is no number is a path.
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first };
  return { port: first as number | string, ...(typeof second === 'string' && { host: second }) };
}

/** Throws what Node throws for arguments that make no sense. */
export function listenArguments(
  args: ListenArguments,
): Accepted<{ port: number; backlog: number | undefined; signal: AbortSignal | undefined }> {
  const [first] = args;
  const callback = args.find(isFunction);
  if (isOptions<ServerListenOptions>(first)) {
    const { port, path, backlog, signal } = first;
    if (port === undefined && path !== undefined) throw noLocalSockets(path);
    if (port === undefined && !('port' in first)) {
      const message =
        'The options of listen() must have the property "port"; a modem has no other kind of server.';
      throw usageError('ERR_INVALID_ARG_VALUE', message);
    }
    return { options: { port: validPort(port ?? 0, 0), backlog, signal }, callback };
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) throw noLocalSockets(first);
  const backlog = args.slice(1).find((value) => typeof value === 'number');
  const port = first === undefined || first === null || isFunction(first) ? 0 : validPort(first, 0);
  return { options: { port, backlog, signal: undefined }, callback };
}

/** A port as a number. Throws `ERR_SOCKET_BAD_PORT`, as Node does. */
export function validPort(port: unknown, min: 0 | 1): number {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  const isPort = typeof number === 'number' && Number.isInteger(number) && number >= min && number < 65_536;
  if (isPort) return number;
  const message = `Port should be >= ${min} and < 65536. Received ${JSON.stringify(port)}.`;
  throw Object.assign(new RangeError(message), { code: 'ERR_SOCKET_BAD_PORT' });
}

function isMissing({ port, path }: SocketConnectOptions): boolean {
  return port === undefined && path === undefined;
}

function noLocalSockets(path: string): Error {
  return usageError('ERR_INVALID_ARG_VALUE', `A modem has no local sockets: "${path}"`);
}

function isFunction(value: unknown): value is () => void {
  return typeof value === 'function';
}

function isOptions<Options extends object>(value: unknown): value is Options {
  return typeof value === 'object' && value !== null;
}

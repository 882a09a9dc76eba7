import type { AddressInfo, Server } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { Observable } from 'rxjs';
import { integer } from '../connection/options.js';
import { UsageError } from '../exit-code.js';

/** Where a server of this computer listens. */
export interface ListenAt {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/**
 * Lets a server listen while it is subscribed to. Emits the address once.
 *
 * @param server a server that does not listen yet
 * @param at where to listen
 * @param option the option that a person would change if the port is in use
 * @throws {UsageError} `error`: the port is in use or not allowed
 */
export function listening(server: Server, at: ListenAt, option: string): Observable<AddressInfo> {
  return new Observable((subscriber) => {
    const failed = (error: NodeJS.ErrnoException) => subscriber.error(explained(error, at, option));
    server.on('error', failed);
    server.listen(at, () => subscriber.next(server.address() as AddressInfo));
    return () => {
      server.off('error', failed);
      // A server that could not listen has nothing to close.
      server.close(() => {});
    };
  });
}

/**
 * An error of a port in words for the person who chose it.
 *
 * @param error what `listen` failed with
 * @param at where it was tried
 * @param option the option that a person would change
 * @returns a `UsageError`, or the error itself
 */
export function explained(error: NodeJS.ErrnoException, { host, port }: ListenAt, option: string): Error {
  const where = `TCP port ${port} of ${host}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`${where} is in use. Choose another one with ${option}.`);
    case 'EACCES':
      return new UsageError(
        `${where} needs rights that you do not have. Choose one from 1024 with ${option}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`${host} is no address of this computer. Choose one of its own with ${option}.`);
    default:
      return error;
  }
}

/**
 * Reads `[HOST:]PORT`; port 0 is any free one, IPv6 addresses stand in brackets.
 *
 * @param value what the person wrote
 * @param usual what is meant by a port alone
 * @returns where to listen
 * @throws {InvalidArgumentError} with what is wrong
 */
export function listenAt(value: string, usual: ListenAt): ListenAt {
  const [, six, host = six, port] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d+)$/.exec(value) ?? [];
  if (port === undefined) throw new InvalidArgumentError('Write PORT or HOST:PORT.');
  return { host: host ?? usual.host, port: integer(port, 0, 65_535) };
}

/**
 * The opposite of {@link listenAt}.
 *
 * @param at where a server listens
 * @returns `HOST:PORT`
 */
export function shown({ host, port }: ListenAt): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

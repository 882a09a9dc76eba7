import { isIP, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { ByteLink } from '@a7600/transport';
import { toDuplex } from '@a7600/transport/node';

/**
 * Opens TLS over any link, on this computer.
 *
 * @param link - The link to the server.
 * @param options - Of `tls.connect` (`ca`, `cert`, `key`, `ALPNProtocols`, `session`, …). The certificate must
 * be for `servername`, which is also sent to the server (SNI).
 * @returns A socket that is connecting.
 * @example
 * tlsOver(link, { servername: 'example.com' });
 */
export function tlsOver(link: ByteLink, options: ConnectionOptions = {}): TLSSocket {
  return connect({ ...options, socket: toDuplex(link) });
}

/** Options of `tls.connect`, of which those that a program leaves out may be undefined. */
export type TlsOptions = {
  readonly [Name in keyof ConnectionOptions]?: ConnectionOptions[Name] | null | undefined;
};

/** The options of `tls.connect` for a connection that is made already. */
export function tlsOptions(socket: Duplex, options: TlsOptions): ConnectionOptions {
  const { servername, host, path: _, ...others } = options;
  const name = servername ?? (typeof host === 'string' && isIP(host) === 0 ? host : undefined);
  const chosen = {
    ...others,
    socket,
    ...(typeof host === 'string' && { host }),
    ...(name !== undefined && { servername: name }),
  };
  // For Node, an option that is undefined is one that was left out.
  return chosen as ConnectionOptions;
}

/** What a TLS socket over a socket without a handle cannot say by itself. */
const KNOWN_BELOW = [
  'remoteAddress',
  'remotePort',
  'remoteFamily',
  'localAddress',
  'localPort',
  'localFamily',
] as const;

/**
 * Lets a TLS socket answer from the socket below what it would ask a handle for: the addresses, and `ref` and `unref`,
 * by which agents say whether it is in use.
 */
export function joinedTo(below: unknown, secure: TLSSocket): TLSSocket {
  if (!(below instanceof Socket)) return secure;
  for (const name of ['ref', 'unref'] as const) {
    secure[name] = () => {
      below[name]();
      return secure;
    };
  }
  secure.address = () => below.address();
  for (const name of KNOWN_BELOW) {
    Object.defineProperty(secure, name, { configurable: true, get: () => below[name] });
  }
  return secure;
}

/** Sessions that are kept; the oldest make room. */
const SESSIONS = 100;

/** Sessions to resume, one for each server; they save the certificates of a full handshake. */
export class Sessions {
  private readonly known = new Map<string, Buffer>();

  /** Connects with the newest session of that server, if there is one. */
  connect(options: ConnectionOptions & { readonly port?: number | string | null | undefined }): TLSSocket {
    const key = `${options.servername ?? options.host}:${options.port}`;
    const session = options.session ?? this.known.get(key);
    const secure = { ...options, ...(session !== undefined && { session }) } as ConnectionOptions;
    const socket = joinedTo(options.socket, connect(secure));
    socket.on('session', (newest: Buffer) => this.keep(key, newest));
    // A session that the server chokes on must not stand in the way of the next attempt.
    const forget = () => this.known.delete(key);
    socket.once('error', forget);
    socket.once('secureConnect', () => socket.off('error', forget));
    return socket;
  }

  private keep(key: string, session: Buffer): void {
    this.known.delete(key);
    this.known.set(key, session);
    const [oldest] = this.known.keys();
    if (this.known.size > SESSIONS && oldest !== undefined) this.known.delete(oldest);
  }
}

import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';

/** Time in ms for a handshake; that of Node's own servers. */
const HANDSHAKE = 120_000;

/**
 * Encrypts a connection as the client.
 *
 * @param socket the connected socket
 * @param options whom to expect, as for `tls.connect`
 * @param timeout ms for the handshake
 * @returns the encrypted connection; rejects if the peer is not the one that was expected, ends the connection during
 * the handshake, or does not finish it in time
 */
export function secured(socket: Socket, options: ConnectionOptions, timeout = HANDSHAKE): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(handshakeFailed(peer, error));
    };
    const peer = peerOf(socket);
    const secure = connect({ ...options, socket });
    const timer = setTimeout(() => secure.destroy(new Error('TLS handshake timeout')), timeout);
    secure.once('error', failed);
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.off('error', failed);
      resolve(secure);
    });
  });
}

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/**
 * Encrypts a connection as the server.
 *
 * @param socket the accepted socket
 * @param identity what the server identifies itself with
 * @param timeout ms for the handshake
 * @returns the encrypted connection; rejects if the client does not agree, ends the connection during the handshake, or
 * does not finish it in time
 */
export function securedServer(socket: Socket, identity: Identity, timeout = HANDSHAKE): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const peer = peerOf(socket);
    // A server of Node that does not listen: unlike a bare TLSSocket, it notices clients that leave or say nothing.
    const server = createServer({ ...identity, handshakeTimeout: timeout }, resolve);
    server.once('tlsClientError', (error) => {
      socket.destroy();
      reject(handshakeFailed(peer, error));
    });
    server.emit('connection', socket);
  });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

function handshakeFailed(peer: string, cause: NodeJS.ErrnoException & { readonly reason?: string }): Error {
  const happened =
    cause.code === 'ECONNRESET' ? 'the peer ended the connection' : (cause.reason ?? cause.message);
  return new Error(`The TLS handshake with ${peer} failed: ${happened}.`, { cause });
}

import type { Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type TLSSocket,
  TLSSocket as Tls,
} from 'node:tls';

/**
 * Encrypts a connection as the client.
 *
 * @param socket the connected socket
 * @param options whom to expect, as for `tls.connect`
 * @returns the encrypted connection; rejects if the peer is not the one that was expected
 */
export function secured(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({ ...options, socket });
    secure.once('error', reject);
    secure.once('secureConnect', () => {
      secure.off('error', reject);
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
 * @returns the encrypted connection; rejects if the client does not agree
 */
export function securedServer(socket: Socket, identity: Identity): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = new Tls(socket, { isServer: true, secureContext: createSecureContext(identity) });
    socket.once('error', reject);
    secure.once('error', reject);
    secure.once('secure', () => {
      secure.off('error', reject);
      resolve(secure);
    });
  });
}

import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { fromDuplex, toDuplex } from '@a7600/transport/node';
import { Observable } from 'rxjs';
import { type Connection, NetworkError } from '../networks/network.js';
import type { TlsOptions } from '../networks/tls.js';

/** What Node says of a certificate that is not, or no longer, valid in time. */
const TIME_ERRORS = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** Secures a connection by Node's TLS, as `Network.secure` says. */
export function hostTls(connection: Connection, options: TlsOptions): Observable<Connection> {
  return new Observable((subscriber) => {
    let socket: TLSSocket;
    try {
      socket = connect({ socket: toDuplex(connection), ...nodeOptions(options) });
    } catch (error) {
      // A certificate or a key that Node cannot read.
      subscriber.error(handshake(error));
      return undefined;
    }
    const failed = (error: Error) => subscriber.error(handshake(error));
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      const problem = socket.authorizationError as (Error & { code?: string }) | undefined;
      const code = String(problem?.code ?? problem ?? '');
      if (
        options.authority !== undefined &&
        code !== '' &&
        !(options.ignoresTime && TIME_ERRORS.includes(code))
      ) {
        subscriber.error(handshake(new Error(code)));
        socket.destroy();
        return;
      }
      socket.off('error', failed);
      const secured = fromDuplex(socket);
      subscriber.next({ ...secured, remote: connection.remote, reset: () => socket.destroy() });
      subscriber.complete();
    });
    return () => {
      if (!subscriber.closed) socket.destroy();
    };
  });
}

function nodeOptions({ serverName, sendsName, authority, certificate, key, password, version }: TlsOptions) {
  const options: ConnectionOptions = {
    rejectUnauthorized: false,
    ...(sendsName && { servername: serverName }),
    ...(authority && { ca: Buffer.from(authority) }),
    ...(certificate && { cert: Buffer.from(certificate) }),
    ...(key && { key: Buffer.from(key) }),
    ...(password !== undefined && { passphrase: password }),
    ...(version && { minVersion: version, maxVersion: version }),
    // As embedded stacks do, the chain is checked, and the name is not.
    checkServerIdentity: () => undefined,
  };
  return options;
}

function handshake(cause: unknown): NetworkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NetworkError('handshake', `The TLS handshake failed: ${reason}.`, cause);
}

import { type Observable, of, switchMap, throwError } from 'rxjs';
import { type Connection, type Endpoint, NetworkError } from '../../networks/network.js';
import type { TlsOptions } from '../../networks/tls.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { filesOf } from './files.js';

/** One of the ten SSL contexts of `AT+CSSLCFG` (AT command manual, 19.2.1). */
export interface SslContext {
  /** 0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 any. */
  version: number;
  /** 0 no certificate is checked, 1 the server, 2 both, 3 the client. */
  authentication: number;
  /** 1 accepts a certificate whose time is over. */
  ignoresTime: number;
  /** Time for the handshake, in s. */
  negotiation: number;
  authority: string;
  certificate: string;
  key: string;
  password: string;
  /** 1 tells the server its name. */
  sendsName: number;
}

export const CONTEXTS = 10;

const VERSIONS = [undefined, 'TLSv1', 'TLSv1.1', 'TLSv1.2', undefined] as const;

function factoryContext(): SslContext {
  return {
    version: 4,
    authentication: 0,
    ignoresTime: 1,
    negotiation: 300,
    authority: '',
    certificate: '',
    key: '',
    password: '',
    sendsName: 0,
  };
}

export const sslContextsOf = perModule((module) => {
  const contexts = Array.from({ length: CONTEXTS }, factoryContext);
  module.watchPower((power) => {
    if (power === 'off') for (const context of contexts) Object.assign(context, factoryContext());
  });
  return contexts;
});

/** A certificate that a context names is not there: `<err>` 19 of `CCH…`, 719 of `HTTP…`, 33 of `CMQTT…`. */
export class MissingCertificate extends Error {}

/** Connects, and secures the connection with an SSL context where one is given. */
export function connectTo(to: Endpoint, context: number | undefined, module: Module): Observable<Connection> {
  const { network } = module;
  return network.connect(to).pipe(
    switchMap((connection) => {
      if (context === undefined) return of(connection);
      if (network.secure === undefined) {
        return throwError(() => new NetworkError('handshake', 'This network has no TLS.'));
      }
      const options = tlsOptions(to.host, context, module);
      return options === undefined
        ? throwError(() => new MissingCertificate())
        : network.secure(connection, options);
    }),
  );
}

function tlsOptions(serverName: string, index: number, module: Module): TlsOptions | undefined {
  const context = sslContextsOf(module)[index] ?? factoryContext();
  const files = filesOf(module);
  const checksServer = context.authentication === 1 || context.authentication === 2;
  const showsItself = context.authentication >= 2;
  const authority = checksServer ? files.get(context.authority) : undefined;
  const certificate = showsItself ? files.get(context.certificate) : undefined;
  const key = showsItself ? files.get(context.key) : undefined;
  const password = files.get(context.password);
  const missing =
    (checksServer && authority === undefined) ||
    (showsItself && (certificate === undefined || key === undefined));
  if (missing) return undefined;
  return {
    serverName,
    sendsName: context.sendsName === 1,
    authority,
    certificate,
    key,
    password: password && String.fromCharCode(...password).trim(),
    ignoresTime: context.ignoresTime === 1,
    version: VERSIONS[context.version],
  };
}

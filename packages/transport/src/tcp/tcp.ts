import { createConnection } from 'node:net';
import { defer, Observable } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError, type TransportErrorCode } from '../errors.js';
import { assertGiven, unusable } from '../given.js';
import { diagnosed } from '../node/diagnosed.js';
import { type DuplexLink, duplexLink, fromDuplex } from '../node/from-duplex.js';
import { telnetGreeting } from './telnet-greeting.js';

/** Where a serial port can be reached over the network. Times are in ms. */
export interface TcpOptions {
  /** Name or address of the other computer. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Idle time after which the other side is asked whether it is still there. Default 30000; 0 never. */
  readonly keepAlive?: number | undefined;
  /** Time for the connection to be made. Default 10000. */
  readonly connectTimeout?: number | undefined;
}

/** Settings of {@link tcp}. */
export interface RawTcpOptions extends TcpOptions {
  /**
   * Whether a server that greets with Telnet negotiation is refused (`TELNET_SERVER`). Default true:
   * over such a connection bytes of value 255 are damaged, in both directions.
   */
  readonly detectTelnet?: boolean | undefined;
}

/**
 * A raw TCP connection, for instance to `ser2net` or a device server. Node only.
 *
 * Cold: each subscription connects, unsubscribing drops the connection. Completes when the other
 * side closes it.
 *
 * @throws `CONNECTION_REFUSED`, `HOST_NOT_FOUND`, `HOST_UNREACHABLE`, `CONNECT_TIMEOUT` or
 *   `CONNECT_FAILED` when it cannot connect; `TELNET_SERVER` when the server negotiates Telnet
 *   options; `TRANSPORT_LOST` when the connection breaks.
 * @param options the address and how the connection is kept
 * @returns a cold transport
 */
export function tcp(options: RawTcpOptions): Observable<ByteLink> {
  const link$ = new Observable<ByteLink>((subscriber) =>
    connectTo(options, (socket) => duplexLink(socket, telnetRefusal(options))).subscribe({
      next(link) {
        subscriber.add(() => link.destroy());
        link.ended$.subscribe((end) => {
          if (end.by === 'lost') subscriber.error(end.error);
          else subscriber.complete();
        });
        subscriber.next(link);
      },
      error: (error: unknown) => subscriber.error(error),
    }),
  );
  return defer(() => {
    assertAddress('tcp()', options);
    return link$.pipe(diagnosed(`tcp:${options.host}:${options.port}`));
  });
}

/** What ends a raw connection whose first bytes are Telnet negotiation. */
function telnetRefusal({ host, port, detectTelnet = true }: RawTcpOptions) {
  return (first: Uint8Array): TransportError | undefined => {
    const options = detectTelnet ? telnetGreeting(first) : [];
    if (options.length === 0) return undefined;
    const message =
      `${host}:${port} is not a raw port: the server negotiates Telnet options (${options.join(', ')}), ` +
      'and Telnet changes bytes. Use rfc2217() if the server offers it (ser2net: telnet(rfc2217)), or set ' +
      'the port of the server to raw TCP.';
    return new TransportError('TELNET_SERVER', message);
  };
}

/** Throws `INVALID_ARGUMENT` unless it is the address of a server. */
export function assertAddress(name: string, options: TcpOptions): void {
  assertGiven(name, options, "{ host: '10.0.0.1', port: 7600 }");
  const { host, port } = options;
  if (typeof host !== 'string' || host === '') throw unusable(name, 'the name of a host as a string', host);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return;
  throw new TransportError('INVALID_ARGUMENT', `${name} needs a port from 1 to 65535.`);
}

/** Connects and emits the link once; it belongs to the subscriber then. */
export function connectTo(options: TcpOptions, linkOf = fromDuplex): Observable<DuplexLink> {
  const { host, port, keepAlive = 30_000, connectTimeout = 10_000 } = options;
  return new Observable((subscriber) => {
    const socket = createConnection({ host, port, noDelay: true });
    if (keepAlive > 0) socket.setKeepAlive(true, keepAlive);
    let connected = false;
    const fail = (error: NodeJS.ErrnoException) => subscriber.error(connectError(options, error));
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('it did not answer in time'), { code: 'ETIMEDOUT' }));
    }, connectTimeout);
    socket.once('error', fail);
    socket.once('connect', () => {
      connected = true;
      clearTimeout(late);
      socket.off('error', fail);
      subscriber.next(linkOf(socket));
      subscriber.complete();
    });
    subscriber.add(() => {
      clearTimeout(late);
      if (!connected) socket.destroy();
    });
  });
}

/** What the system's codes mean, and what to do about them. */
const REASONS: Readonly<Record<string, readonly [TransportErrorCode, string]>> = {
  ECONNREFUSED: [
    'CONNECTION_REFUSED',
    'no program listens there. Is the serial server running, and is that its port?',
  ],
  ENOTFOUND: ['HOST_NOT_FOUND', 'there is no host of that name. Check the name.'],
  EAI_AGAIN: ['HOST_NOT_FOUND', 'the name servers do not answer. Is this computer online?'],
  ETIMEDOUT: [
    'CONNECT_TIMEOUT',
    'it did not answer in time. Check the address, and whether a firewall is in between.',
  ],
  EHOSTUNREACH: ['HOST_UNREACHABLE', 'no route leads to that host.'],
  ENETUNREACH: ['HOST_UNREACHABLE', 'no route leads to that network.'],
};

function connectError({ host, port }: TcpOptions, error: NodeJS.ErrnoException): TransportError {
  const [code, reason] = REASONS[error.code ?? ''] ?? ['CONNECT_FAILED', `${error.message}.`];
  return new TransportError(code, `Cannot connect to ${host}:${port}: ${reason}`, error);
}

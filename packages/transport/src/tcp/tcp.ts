import { createConnection } from 'node:net';
import { Observable } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import { diagnosed } from '../node/diagnosed.js';
import { type DuplexLink, fromDuplex } from '../node/from-duplex.js';

/** Where a serial port can be reached over the network. Times are in ms. */
export interface TcpOptions {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Idle time after which the other side is asked whether it is still there. Default 30000; 0 never. */
  readonly keepAlive?: number | undefined;
  /** Time for the connection to be made. Default 10000. */
  readonly connectTimeout?: number | undefined;
}

/**
 * A raw TCP connection, for instance to `ser2net` or a device server. Node only.
 *
 * Cold: each subscription connects, unsubscribing drops the connection. Completes when the other
 * side closes it; errors with `CONNECT_FAILED` or `TRANSPORT_LOST`.
 */
export function tcp(options: TcpOptions): Observable<ByteLink> {
  const link$ = new Observable<ByteLink>((subscriber) =>
    connectTo(options).subscribe({
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
  return link$.pipe(diagnosed(`tcp:${options.host}:${options.port}`));
}

/** Connects, and hands the link over once; it belongs to the subscriber then. */
export function connectTo(options: TcpOptions): Observable<DuplexLink> {
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
      subscriber.next(fromDuplex(socket));
      subscriber.complete();
    });
    subscriber.add(() => {
      clearTimeout(late);
      if (!connected) socket.destroy();
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there. Is the serial server running, and is that its port?',
  ENOTFOUND: 'there is no such host. Check the name.',
  ETIMEDOUT: 'it did not answer in time. Check the address, and whether a firewall is in between.',
  EHOSTUNREACH: 'there is no way to that host.',
  ENETUNREACH: 'there is no way to that network.',
};

function connectError({ host, port }: TcpOptions, error: NodeJS.ErrnoException): TransportError {
  const reason = REASONS[error.code ?? ''] ?? `${error.message}.`;
  return new TransportError('CONNECT_FAILED', `Cannot connect to ${host}:${port}: ${reason}`, error);
}

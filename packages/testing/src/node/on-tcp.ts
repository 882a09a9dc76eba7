import { type AddressInfo, createServer, type Socket } from 'node:net';
import { bridge, type Transport, TransportError } from '@a7600/transport';
import { fromDuplex } from '@a7600/transport/node';
import { Observable, type Subscription, switchMap, takeUntil } from 'rxjs';
import { withoutHttp } from './http-guard.js';

/** A TCP port that a program can open in place of a serial port. */
export interface OnTcp {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on. */
  readonly port: number;
}

/** Settings of {@link onTcp}. */
export interface OnTcpOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /**
   * Asked when a client begins like HTTP, as a web page may make a browser do; true hangs up on it.
   * Default: always.
   */
  readonly refusesHttp?: () => boolean;
}

/** Time in ms that a client may be seen to come before the one that it follows is seen to go. */
const HANDOVER_TIME = 500;

/**
 * Puts a transport, for instance an emulator, on a TCP port, raw as ser2net and serial servers
 * have it. Each connection opens the transport and closes it again; while there is one, others are
 * turned away.
 *
 * Cold: emits the address once it listens; unsubscribing stops that and drops the connection.
 * Errors with `PORT_BUSY` when the port is in use, `PORT_FAILED` when it cannot be listened on.
 *
 * @param transport Opened for each connection, one at a time.
 * @param options Address and port. Default: any free port of loopback.
 * @returns Where it listens. Errors where the port cannot be had.
 */
export function onTcp(
  transport: Transport,
  { port = 0, host = '127.0.0.1', refusesHttp = () => true }: OnTcpOptions = {},
): Observable<OnTcp> {
  return new Observable((subscriber) => {
    let current: Subscription | undefined;
    const accept = (socket: Socket): void => {
      if (subscriber.closed) {
        socket.destroy();
      } else if (current?.closed !== false) {
        current = serve(socket, transport, refusesHttp);
      } else {
        const timer = setTimeout(() => socket.destroy(), HANDOVER_TIME);
        current.add(() => {
          clearTimeout(timer);
          if (!socket.destroyed) accept(socket);
        });
      }
    };
    const server = createServer({ pauseOnConnect: true }, accept);
    server.once('error', (error) => subscriber.error(listenError(error, host, port)));
    server.listen({ host, port }, () => {
      subscriber.next({ host, port: (server.address() as AddressInfo).port });
    });
    return () => {
      current?.unsubscribe();
      server.close();
    };
  });
}

function serve(socket: Socket, transport: Transport, refusesHttp: () => boolean): Subscription {
  socket.setNoDelay(true);
  const client = fromDuplex(socket);
  const life = transport
    .pipe(
      switchMap((link) => bridge(withoutHttp(client, refusesHttp), link)),
      takeUntil(client.ended$),
    )
    .subscribe({ error: () => {} });
  life.add(() => client.destroy());
  return life;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): TransportError {
  if (error.code === 'EADDRINUSE') {
    return new TransportError('PORT_BUSY', `TCP port ${port} of ${host} is in use.`, error);
  }
  const why = error.code === 'EACCES' ? 'this user may not; choose one from 1024' : error.message;
  return new TransportError('PORT_FAILED', `Cannot listen on TCP port ${port} of ${host}: ${why}.`, error);
}

import { type ClientAccepted, clientAccepted, serverStart } from '@a7600/at-codec';
import { catchError, concat, EMPTY, finalize, Observable, ReplaySubject } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { distinguishable } from '../links/push-receiver.js';
import { holding } from './holding.js';
import { assertOpen, type NetworkScope } from './scope.js';
import { startServer } from './start-server.js';
import { stopServer } from './stop-server.js';
import { TcpLink } from './tcp-link.js';
import type { TcpSocket } from './tcp-socket.js';

/** What to listen on. */
export interface ListenOptions {
  /** TCP port, 1 to 65535. */
  readonly port: number;
  /** Connections that may wait while all links are in use, 1 to 3. Default: the module's, 3. */
  readonly backlog?: number | undefined;
  /** Called once the module listens. */
  readonly onListening?: (() => void) | undefined;
  /**
   * Called once after the observable has ended or was unsubscribed from, when the module has given
   * up what it held, so that it can be used again.
   */
  readonly onReleased?: (() => void) | undefined;
}

/** Servers of a module (application note, 1.6). */
const SERVERS = 4;

/** Listens when subscribed to; see `Network.listen`. */
export function listen(network: NetworkScope, options: ListenOptions): Observable<TcpSocket> {
  return holding(network, options.onReleased, (scope) => {
    assertOpen(network);
    return startListening(scope, options);
  });
}

function startListening(scope: NetworkScope, options: ListenOptions): Observable<TcpSocket> {
  const { session, receive } = scope;
  const { port, backlog, onListening } = options;
  return new Observable((subscriber) => {
    serverStart({ port, backlog, server: 0 });
    const server = claimServer(scope.servers);
    const lifetime = scope.lifetime.child();

    const accept = ({ link, host, port }: ClientAccepted) => {
      const socket = new TcpLink(session, { link, remote: { host, port }, server, receive });
      // In direct push mode nobody could say whose the data of such a client is.
      const refused = lifetime.ending || !distinguishable(scope, socket.remote);
      session.links.accept(link, socket);
      const own = lifetime.child();
      own.onRelease(() => socket.abort());
      socket.gone$.subscribe({ complete: () => own.release() });
      if (refused) own.release();
      else subscriber.next(socket);
    };
    const ignore = session.router.on(clientAccepted, (client) => {
      if (client.server === server) accept(client);
    });

    const started = new ReplaySubject<void>(1);
    startServer(session, { port, backlog, server }).subscribe(started);

    lifetime.onRelease(() =>
      concat(started, stopServer(session, server)).pipe(
        catchError(() => EMPTY),
        finalize(() => {
          ignore();
          scope.servers.delete(server);
          subscriber.complete();
        }),
      ),
    );

    subscriber.add(() => lifetime.release());
    subscriber.add(scope.lost$.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    started.subscribe({
      error: (error: unknown) => {
        session.links.refused(error);
        subscriber.error(error);
      },
      complete: () => onListening?.(),
    });
  });
}

function claimServer(servers: Set<number>): number {
  for (let server = 0; server < SERVERS; server++) {
    if (servers.has(server)) continue;
    servers.add(server);
    return server;
  }
  throw new ModemError(
    'CAPACITY',
    `The module has ${SERVERS} servers and all are listening. Unsubscribe from one first.`,
  );
}

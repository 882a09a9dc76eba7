import { type ClientAccepted, clientAccepted, serverStart } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  Observable,
  of,
  ReplaySubject,
  retry,
  throwError,
} from 'rxjs';
import { disposeAll } from '../base/disposer.js';
import { saysServerInUse } from '../base/refusals.js';
import { distinguishable } from '../links/distinguishable.js';
import { holding } from './holding.js';
import { assertOpen, type NetworkScope } from './scope.js';
import { startServer } from './start-server.js';
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

/** Listens when subscribed to; see `Network.listen`. */
export function listen(network: NetworkScope, options: ListenOptions): Observable<TcpSocket> {
  return holding(network, options.onReleased, (scope) => {
    assertOpen(network);
    serverStart({ port: options.port, backlog: options.backlog, server: 0 });
    return concat(
      scope.servers.whenFree(),
      defer(() => startListening(scope, options)).pipe(
        retry({ delay: (error) => (error instanceof ServerTaken ? of(0) : throwError(() => error)) }),
      ),
    );
  });
}

/** Another program has the index of the server, and may keep it. */
class ServerTaken extends Error {}

function startListening(scope: NetworkScope, options: ListenOptions): Observable<TcpSocket> {
  const { session, receive } = scope;
  const { port, backlog, onListening } = options;
  return new Observable((subscriber) => {
    const lifetime = scope.lifetime.child();
    subscriber.add(() => lifetime.release());
    const server = scope.servers.claim(lifetime, scope.firstFree);

    const accept = ({ link, host, port }: Pick<ClientAccepted, 'link' | 'host' | 'port'>): TcpLink => {
      const socket = new TcpLink(session, { link, remote: { host, port }, server, receive });
      // With direct push, data of such a client would be indistinguishable from that of another link.
      const refused = lifetime.ending || !distinguishable(scope, socket.info);
      session.links.accept(link, socket);
      const own = lifetime.child();
      own.onRelease(() => socket.abort());
      socket.gone$.subscribe({ complete: () => own.release() });
      if (refused) own.release();
      else {
        subscriber.next(socket);
        // Now that all who want it listen.
        session.links.handOver(socket);
      }
      return socket;
    };
    const detach = disposeAll([
      session.router.on(clientAccepted, (client) => {
        if (client.server === server && !session.links.doubts.isDoubtful(client)) accept(client);
      }),
      session.links.onUnknown((state) => {
        // Some firmware gives every accepted link the same index: clear enough if there is one server.
        const ours = state.server === server || (state.server !== undefined && scope.servers.size === 1);
        if (!ours) return false;
        session.report({ kind: 'unknown link', link: state, action: 'given to its server' });
        // What it sent before was notified to nothing.
        accept(state).dataWaiting();
        return true;
      }),
    ]);

    const started = new ReplaySubject<void>(1);
    const start$ = startServer(session, { port, backlog, server });
    concat(scope.ports.take('tcp', port, lifetime), scope.readyForLinks(), start$).subscribe(started);
    lifetime.onRelease(() =>
      concat(started, scope.servers.stop(server)).pipe(
        catchError(() => EMPTY),
        finalize(() => {
          detach();
          scope.servers.delete(server);
          subscriber.complete();
        }),
      ),
    );

    const fail = (error: unknown) => {
      // Before the subscriber hears of it: it may listen again at once.
      lifetime.release();
      subscriber.error(error);
    };
    subscriber.add(scope.lost$.subscribe({ error: fail }));
    started.subscribe({
      error: (error: unknown) => {
        session.links.refused(error);
        // Where this program is the only one, the index is its own, or it is told what is in the way.
        const isOthers = saysServerInUse(error) && !session.exclusive;
        if (isOthers) scope.servers.leave(server);
        fail(isOthers ? new ServerTaken() : error);
      },
      complete: () => {
        scope.servers.listening(server, { port, start$, onFailed: fail });
        onListening?.();
      },
    });
  });
}

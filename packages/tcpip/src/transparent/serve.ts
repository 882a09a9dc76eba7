import { type ClientAccepted, clientAccepted, serverStart } from '@a7600/at-codec';
import { catchError, concat, defer, EMPTY, finalize, ignoreElements, Observable, ReplaySubject } from 'rxjs';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import type { NetworkScope } from '../sockets/scope.js';
import type { TransparentListener } from './options.js';
import { TransparentLink, type TransparentSettings } from './transparent-link.js';
import type { TransparentSession } from './transparent-session.js';

/** The only server that can be transparent (application note, 1.6). */
const TRANSPARENT_SERVER = 0;

/** Listens with server 0 when subscribed to and when an earlier one is stopped, and gives the line to one client after the other. */
export function serve(
  scope: NetworkScope,
  { listen }: TransparentListener,
  settings: TransparentSettings,
): Observable<TransparentSession> {
  const { session, servers } = scope;
  const { line, links } = session;
  // The module announces a client on the port that it gives the connection to.
  const { lane, router } = session.data;
  const sessions$ = new Observable<TransparentSession>((subscriber) => {
    const lifetime = scope.lifetime.child();
    const accept = ({ host, port }: ClientAccepted) => {
      const own = lifetime.child();
      const link: TransparentLink = new TransparentLink(session, {
        ...settings,
        remote: { host, port },
        server: TRANSPARENT_SERVER,
        isReleased: () => own.ending,
        onUnconfirmed: () => scope.transparentConnection(false),
        onOpened: () => {
          scope.transparentConnection(true);
          if (lifetime.ending) own.release();
          else subscriber.next(link);
        },
      });
      line.connecting(link, true);
      links.accept(TRANSPARENT_LINK, link);
      own.onRelease(() => link.abort());
      link.gone$.subscribe({ complete: () => own.release() });
    };
    const ignore = router.on(clientAccepted, (client) => {
      if (client.server === TRANSPARENT_SERVER) accept(client);
    });
    servers.add(TRANSPARENT_SERVER, lifetime);
    const started = new ReplaySubject<never>(0);
    lifetime.onRelease(() =>
      concat(started, servers.stop(TRANSPARENT_SERVER)).pipe(
        catchError(() => EMPTY),
        finalize(() => {
          ignore();
          servers.delete(TRANSPARENT_SERVER);
          subscriber.complete();
        }),
      ),
    );
    subscriber.add(() => lifetime.release());
    subscriber.add(scope.lost$.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    const start$ = defer(() => lane.run(serverStart({ port: listen, server: TRANSPARENT_SERVER })));
    const fail = (error: unknown) => {
      links.refused(error);
      subscriber.error(error);
    };
    concat(line.prepare(), start$.pipe(ignoreElements())).subscribe(started);
    started.subscribe({
      error: fail,
      complete: () => servers.listening(TRANSPARENT_SERVER, { port: listen, start$, onFailed: fail }),
    });
  });
  return concat(servers.whenStopped(TRANSPARENT_SERVER), sessions$);
}

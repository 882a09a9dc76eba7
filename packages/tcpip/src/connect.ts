import { cipOpen, isAtError } from '@a7600/at-codec';
import { catchError, concat, defer, EMPTY, Observable, of, ReplaySubject, retry, throwError } from 'rxjs';
import { isModemError } from './errors.js';
import { assertOpen, type NetworkScope } from './scope.js';
import { LinkSocket } from './socket/link-socket.js';
import type { TcpSocket } from './socket/tcp-socket.js';

/** Where to connect to. */
export interface ConnectOptions {
  /** Address or name; the module resolves names. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** 0 to 65535. Default: any. */
  readonly localPort?: number | undefined;
}

/** Opens a connection when subscribed to; see `Network.connect`. */
export function connect(scope: NetworkScope, options: ConnectOptions): Observable<TcpSocket> {
  return attempt(scope, options).pipe(
    // The module may give the chosen link to a client of a server at the very same moment.
    retry({ count: 3, delay: (error) => (error instanceof LinkTaken ? of(0) : throwError(() => error)) }),
  );
}

class LinkTaken extends Error {}

function attempt(scope: NetworkScope, options: ConnectOptions): Observable<TcpSocket> {
  const { lane, links } = scope.session;
  return new Observable((subscriber) => {
    assertOpen(scope);
    cipOpen({ ...options, link: 0 });
    const { host, port } = options;
    const socket = links.claim(
      (link) => new LinkSocket(scope.session, { link, remote: { host, port }, server: undefined }),
    );
    const { link } = socket;
    const open$ = lane.run(cipOpen({ ...options, link }));
    const opened = new ReplaySubject<void>(1);
    let settled = false;

    const inUse = (error: unknown): Observable<void> => {
      if (!isAtError(error, 'SOCKET_ERROR') || error.number !== 4) return throwError(() => error);
      // Held by a client that was accepted meanwhile, or left over from an earlier session.
      return links.has(link, socket) ? concat(links.close(link), open$) : throwError(() => new LinkTaken());
    };

    const lifetime = scope.lifetime.child();
    lifetime.onRelease(() => {
      const cancel$ = settled ? EMPTY : links.close(link);
      return concat(
        cancel$,
        opened.pipe(catchError(() => EMPTY)),
        defer(() => socket.abort()),
      );
    });
    subscriber.add(() => lifetime.release());

    open$.pipe(catchError(inUse)).subscribe(opened);
    opened.subscribe({
      error: (error: Error) => {
        settled = true;
        if (isModemError(error, 'TIMEOUT')) socket.abort();
        else socket.lost(error);
        subscriber.error(error);
      },
      complete: () => {
        settled = true;
        subscriber.next(socket);
      },
    });
    subscriber.add(
      concat(socket.gone$, socket.ended$).subscribe((end) => {
        if (end.by === 'lost') subscriber.error(end.error);
        else subscriber.complete();
      }),
    );
  });
}

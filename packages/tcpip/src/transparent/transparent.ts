import { type ClientAccepted, cipOpen, clientAccepted, dtr, isAtError, serverStart } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  Observable,
  ReplaySubject,
  throwError,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { saysLinkInUse } from '../base/refusals.js';
import { follow } from '../links/follow.js';
import type { Endpoint } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import { assertOpen, type NetworkScope } from '../sockets/scope.js';
import { stopServer } from '../sockets/stop-server.js';
import { hasLines, type LeaveBy, TRANSPARENT_LINK, TransparentLink } from './transparent-link.js';
import type { TransparentSession } from './transparent-session.js';

/** A transparent connection to make, or to wait for. */
export type TransparentOptions = TransparentPeer & {
  /**
   * How data mode is left: `plus` writes `+++` between two silences of 1 s; `dtr` lets DTR go off
   * behind one, for modules that miss the other, and needs a `SerialLink`. Default `plus`.
   */
  readonly leaveBy?: LeaveBy | undefined;
};

/** The other side of a transparent connection. */
export type TransparentPeer =
  | {
      /** Address or name. */
      readonly host: string;
      /** 1 to 65535. */
      readonly port: number;
      /** Default `tcp`. */
      readonly type?: 'tcp' | 'udp' | undefined;
      /** 0 to 65535; UDP needs one. Default: any. */
      readonly localPort?: number | undefined;
    }
  | {
      /** TCP port on which to wait for one client after the other. */
      readonly listen: number;
    };

/** The only server that can be transparent (application note, 1.6). */
const TRANSPARENT_SERVER = 0;
/** Time in ms between `+CLIENT` and `CONNECT`, which come together. */
const CONNECT_TIME = 5_000;

/** Opens a transparent session when subscribed to; see `Network.transparent`. */
export function transparent(
  scope: NetworkScope,
  options: TransparentOptions,
): Observable<TransparentSession> {
  return defer(() => {
    assertOpen(scope, 'transparent');
    if (options.leaveBy === 'dtr' && !hasLines(scope.session.port)) {
      throw new ModemError('WRONG_MODE', 'The link to the module has no DTR line: leave data mode by plus.');
    }
    if (scope.session.links.get(TRANSPARENT_LINK) !== undefined) {
      throw new ModemError(
        'CAPACITY',
        'The module has one transparent connection at a time: close it first.',
      );
    }
    const session$ =
      'listen' in options ? serve(scope, options.listen, options.leaveBy) : dial(scope, options);
    const { lane } = scope.session;
    return options.leaveBy === 'dtr'
      ? concat(lane.run(dtr({ mode: 1 })).pipe(ignoreElements()), session$)
      : session$;
  });
}

function dial(
  scope: NetworkScope,
  {
    host,
    port,
    type = 'tcp',
    localPort,
    leaveBy = 'plus',
  }: Extract<TransparentOptions, { readonly host: string }>,
): Observable<TransparentSession> {
  const { session } = scope;
  const command = cipOpen.transparent({ type: type === 'udp' ? 'UDP' : 'TCP', host, port, localPort });
  return new Observable((subscriber) => {
    const link = new TransparentLink(session, { host, port }, undefined, leaveBy);
    session.links.accept(TRANSPARENT_LINK, link);
    const opened = new ReplaySubject<void>(1);
    const lifetime = scope.lifetime.child();
    lifetime.onRelease(() =>
      concat(
        opened.pipe(catchError(() => EMPTY)),
        defer(() => link.abort()),
      ),
    );
    subscriber.add(() => lifetime.release());
    const open$ = session.lane.run(command);
    // The link may be left over from an earlier session: it is closed, and opened again.
    const inUse = (error: unknown) =>
      saysLinkInUse(error) && session.links.has(TRANSPARENT_LINK, link)
        ? concat(session.links.close(TRANSPARENT_LINK), open$)
        : throwError(() => error);
    open$.pipe(catchError(inUse)).subscribe(opened);
    opened.subscribe({
      error: (error: Error) => {
        link.lost(error);
        session.links.refused(error);
        if (isAtError(error, 'UNREADABLE_ANSWER')) scope.notTransparent();
        subscriber.error(error);
      },
      complete: () => {
        if (!session.links.has(TRANSPARENT_LINK, link)) {
          hangUp(session, { host, port }, leaveBy);
          return;
        }
        link.enterData();
        subscriber.next(link);
      },
    });
    follow(link, subscriber);
  });
}

/** The module is in data mode for somebody who has gone meanwhile: leaves it and closes the link. */
function hangUp(session: Session, remote: Endpoint, leaveBy: LeaveBy): void {
  const link = new TransparentLink(session, remote, undefined, leaveBy);
  session.links.accept(TRANSPARENT_LINK, link);
  link.enterData();
  link.abort();
}

/** One client after the other on server 0. */
function serve(scope: NetworkScope, port: number, leaveBy: LeaveBy = 'plus'): Observable<TransparentSession> {
  const { session, servers } = scope;
  return new Observable((subscriber) => {
    const lifetime = scope.lifetime.child();
    const started = new ReplaySubject<void>(1);
    const accept = ({ host, port }: ClientAccepted) => {
      const link = new TransparentLink(session, { host, port }, TRANSPARENT_SERVER, leaveBy);
      session.links.accept(TRANSPARENT_LINK, link);
      const own = lifetime.child();
      const connected = new ReplaySubject<never>(0);
      own.onRelease(() =>
        concat(
          connected,
          defer(() => link.abort()),
        ),
      );
      const isInData = () => {
        settle();
        link.enterData();
        connected.complete();
      };
      // Without CONNECT nobody knows whether the module is in data mode: it is left, and the link closed.
      const patience = session.scheduler.schedule(() => {
        session.enterDataMode();
        isInData();
        own.release();
      }, CONNECT_TIME);
      const settle = () => {
        session.onConnect = undefined;
        patience.unsubscribe();
      };
      link.gone$.subscribe({
        complete: () => {
          settle();
          connected.complete();
          own.release();
        },
      });
      session.onConnect = () => {
        isInData();
        if (lifetime.ending) own.release();
        else subscriber.next(link);
      };
    };
    const ignore = session.router.on(clientAccepted, (client) => {
      if (client.server === TRANSPARENT_SERVER) accept(client);
    });
    servers.add(TRANSPARENT_SERVER, lifetime);
    lifetime.onRelease(() =>
      concat(started, stopServer(session, TRANSPARENT_SERVER)).pipe(
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
    session.lane.run(serverStart({ port, server: TRANSPARENT_SERVER })).subscribe(started);
    started.subscribe({
      error: (error: unknown) => {
        session.links.refused(error);
        subscriber.error(error);
      },
    });
  });
}

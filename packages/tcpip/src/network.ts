import {
  cgdcont,
  cipRxGet,
  ipAddr,
  isAtError,
  netClose,
  netOpen,
  networkLost,
  type PdpType,
  serverStart,
  serverStop,
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  mergeMap,
  Observable,
  ReplaySubject,
  throwError,
} from 'rxjs';
import { type ConnectOptions, connect } from './connect.js';
import { ModemError } from './errors.js';
import { type ListenOptions, listen } from './listen.js';
import type { NetworkScope } from './scope.js';
import type { Session } from './session.js';
import type { TcpSocket } from './socket/tcp-socket.js';

/** How to open the network. */
export interface NetworkOptions {
  /**
   * Access point name of the SIM's provider, up to 100 printable ASCII characters. Default: what
   * the module has stored, which many networks accept empty.
   */
  readonly apn?: string | undefined;
  /** Address family of the PDP context; used with `apn`. Default `IP`. */
  readonly pdpType?: PdpType | undefined;
}

/** The module's socket service, open. */
export interface Network {
  /** The address that the network gave the module. */
  readonly address: string;

  /**
   * Connects to a TCP server. Cold: each subscription takes a link and sends `AT+CIPOPEN`; emits
   * the socket once, completes when the connection has ended, errors when it cannot be made
   * (`SOCKET_ERROR`, `CAPACITY`, `TIMEOUT`) or breaks. Unsubscribing closes it, also in the middle
   * of opening. Application note, 3.2.
   */
  connect(options: ConnectOptions): Observable<TcpSocket>;

  /**
   * Listens for TCP connections. Cold: each subscription takes one of the module's four servers
   * and sends `AT+SERVERSTART`; emits a socket for each client, never completes by itself, errors
   * when it cannot listen (`SOCKET_ERROR` 6: the port is in use) or the network is lost.
   * Unsubscribing closes the clients, then the server. Application note, 3.4.
   */
  listen(options: ListenOptions): Observable<TcpSocket>;
}

/** Opens the network when subscribed to; see `Modem.network`. */
export function network(session: Session, options: NetworkOptions = {}): Observable<Network> {
  return new Observable((subscriber) => {
    const contexts = options.apn === undefined ? [] : [contextOf(options.apn, options.pdpType)];
    const { lane, router } = session;
    const lifetime = session.lifetime.child();
    const lost = new ReplaySubject<never>(0);
    const opened = new ReplaySubject<void>(1);
    let opening = false;

    const open$ = defer(() => {
      opening = true;
      lane.run(netOpen()).pipe(catchError(openAlready)).subscribe(opened);
      return opened;
    });
    const adopt$ = defer(() => {
      opening = true;
      opened.complete();
      return adopt(session);
    });
    const steps$ = concat(
      ...contexts.map((context) => lane.run(context)),
      lane.run(cipRxGet({ buffered: true })),
      lane.run(netOpen.read()).pipe(mergeMap((open) => (open ? adopt$ : open$))),
    );

    lifetime.onRelease(() =>
      opening ? concat(opened.pipe(catchError(() => EMPTY)), closeNetwork(session)) : EMPTY,
    );
    lifetime.onRelease(() => {
      ignore();
      return EMPTY;
    });
    const ignore = router.on(networkLost, () => lose());
    const lose = () => {
      const error = new ModemError(
        'NETWORK_LOST',
        'The module lost the network, and every connection with it. Check the signal and the ' +
          'subscription, then open the network again.',
      );
      session.links.loseAll(error);
      lost.error(error);
    };

    const scope: NetworkScope = { session, lifetime, lost$: lost.asObservable(), servers: new Set() };
    const ready$ = concat(steps$.pipe(ignoreElements()), lane.run(ipAddr()));
    subscriber.add(() => lifetime.release());
    subscriber.add(lost.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(session.ended$.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(
      ready$.subscribe({
        next: (address) =>
          subscriber.next({
            address,
            connect: (where) => connect(scope, where),
            listen: (where) => listen(scope, where),
          }),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  });
}

function contextOf(apn: string, type: PdpType = 'IP') {
  return cgdcont({ apn, type });
}

/** Takes over a network that somebody else left open, without what was open in it. */
function adopt({ lane, links }: Session): Observable<never> {
  const stop$ = lane.run(serverStart.read()).pipe(
    mergeMap((servers) => servers),
    mergeMap(({ server }) => lane.run(serverStop({ server })).pipe(catchError(() => EMPTY))),
    catchError(() => EMPTY),
  );
  return concat(links.closeStale(), stop$).pipe(ignoreElements());
}

/** A network that is open already is what was asked for. */
function openAlready(error: unknown): Observable<never> {
  return isAtError(error, 'IP_ERROR') && error.number === 4 ? EMPTY : throwError(() => error);
}

/** Closes the network unless the module has closed it by itself. */
function closeNetwork({ lane }: Session): Observable<unknown> {
  return lane.run(netOpen.read()).pipe(mergeMap((open) => (open ? lane.run(netClose()) : EMPTY)));
}

/**
 * The module's TCP/IP service: how it is opened or adopted, how its loss is noticed, how it is closed.
 *
 * @module
 */

import { cdnsGip } from '@a7600/at-codec';
import { concat, defer, EMPTY, mergeMap, Observable, shareReplay } from 'rxjs';
import { nameCause } from '../base/causes.js';
import { assertOptions, type Shape } from '../base/given.js';
import type { LinkInfo } from '../links/link-handler.js';
import type { ReceiveMode } from '../links/receive-mode.js';
import type { Session } from '../session/session.js';
import { type BindOptions, bind } from '../sockets/bind.js';
import { type ConnectOptions, connect } from '../sockets/connect.js';
import { type ListenOptions, listen } from '../sockets/listen.js';
import { Ports } from '../sockets/ports.js';
import { assertOpen, type NetworkScope } from '../sockets/scope.js';
import { Servers } from '../sockets/servers.js';
import type { TcpSocket } from '../sockets/tcp-socket.js';
import type { UdpSocket } from '../sockets/udp-socket.js';
import { TRANSPARENT_OPTIONS, type TransparentOptions } from '../transparent/options.js';
import { transparent } from '../transparent/transparent.js';
import type { TransparentSession } from '../transparent/transparent-session.js';
import { NAME_SERVERS } from '../watch/bearer-evidence.js';
import { bearerCheck } from './check.js';
import { NetworkOpening } from './network-opening.js';
import { NetworkWatch } from './network-watch.js';
import { NETWORK_OPTIONS, type NetworkOptions } from './options.js';

/** The module's socket service, open. */
export interface Network {
  /** The address that the network gave the module. */
  readonly address: string;
  /** How received bytes come from the module; see {@link NetworkOptions.receive}. */
  readonly receive: ReceiveMode;
  /** The module's links in use, by number. Replays; emits whenever one changes. */
  readonly links$: Observable<readonly LinkInfo[]>;
  /**
   * Connects to a TCP server.
   *
   * @param options - The peer.
   * @returns A cold observable: each subscription takes a link, sends `AT+CIPOPEN` and emits the socket once.
   * Unsubscribing closes it, even while it is opening. Completes when the connection has ended. Errors when it
   * cannot be established (`CONNECT_REFUSED`, `PEER_TIMEOUT`, `NAME_NOT_FOUND`, `ADDRESS_REFUSED`,
   * `CAPACITY`, `TIMEOUT`) or breaks.
   * @see Application note, 3.2.
   */
  connect(options: ConnectOptions): Observable<TcpSocket>;
  /**
   * Listens for TCP connections.
   *
   * @param options - The port.
   * @returns A cold observable: each subscription takes one of the module's four servers, sends
   * `AT+SERVERSTART` and emits a socket for each client. Unsubscribing closes the clients, then the server.
   * Completes when the network is closed. Errors when the module cannot listen (`PORT_IN_USE`, `CAPACITY`) or
   * the network is lost.
   * @see Application note, 3.4.
   */
  listen(options: ListenOptions): Observable<TcpSocket>;
  /**
   * Opens a UDP socket. Received datagrams keep their boundaries where the firmware can
   * (`AT+CIPCCFG` with eight fields) and with direct push; read as hexadecimal digits, one of more than 750
   * bytes comes as two.
   *
   * @param options - The local port, and perhaps a peer.
   * @returns A cold observable, as of `connect`. Errors with `PORT_IN_USE`, `ADDRESS_REFUSED`, `CAPACITY` or
   * `TIMEOUT`, or when the network is lost.
   * @see Application note, 3.3.
   */
  bind(options: BindOptions): Observable<UdpSocket>;
  /**
   * Opens a transparent session: the line to the module carries the bytes of one connection. Other
   * sockets and servers of the network use links 1 to 9 and servers 1 to 3 with buffer access; their commands
   * wait while the session carries data, or interrupt it; see `TransparentOptions.commands`.
   *
   * @param options - The peer, or the port to listen on.
   * @returns A cold observable, as of `connect`. Errors with `WRONG_MODE` unless the network is open with
   * `transparent: true`.
   * @see Application note, 1.6, 3.2.3, 3.3.2, 3.4.3.
   */
  transparent(options: TransparentOptions): Observable<TransparentSession>;
  /**
   * Looks a name up with the name servers of the network (`AT+CDNSGIP`).
   *
   * @param host - The name.
   * @returns A cold observable that emits each address that the module gives and completes. Errors with
   * `NAME_NOT_FOUND` when there is none.
   */
  resolve(host: string): Observable<string>;
  /**
   * Closes sockets, servers and then the network. The observable that emitted the network completes too.
   *
   * @returns A cold observable that completes when the network is closed.
   */
  close(): Observable<never>;
}

/** Opens the network when subscribed to; see `Modem.network`. */
export function network(session: Session, options: NetworkOptions = {}): Observable<Network> {
  return new Observable((subscriber) => {
    assertOptions('network', options, "{ apn: 'internet' }", NETWORK_OPTIONS);
    const opening = new NetworkOpening(session, options);
    const lifetime = session.lifetime.child();
    const { network: previous } = session;
    session.network = lifetime;
    const servers = new Servers(session);
    const watch = new NetworkWatch(session, options.registrationGrace ?? 60_000);

    // One that is being closed is closed first, or it would close this one.
    const closing$ = defer(() => (previous?.ending ? previous.release() : EMPTY));
    lifetime.onRelease(() => closing$);
    lifetime.onRelease(() => opening.undo(watch.isLost));
    lifetime.onRelease(() => watch.stop());
    subscriber.add(() => lifetime.release());
    const fail = (error: unknown) => {
      // Before the subscriber hears of it: it may open the next network at once, which waits for this one.
      lifetime.release();
      subscriber.error(error);
    };
    subscriber.add(watch.lost$.subscribe({ error: fail }));
    subscriber.add(session.meter.spent$.subscribe({ error: fail }));
    if (subscriber.closed) return;
    subscriber.add(session.ended$.subscribe({ error: fail, complete: () => subscriber.complete() }));

    // The module is set for other links beside a transparent one when the first of them is opened.
    const buffered$ =
      options.transparent === true
        ? concat(
            opening.settings.setBuffered(true),
            defer(() => {
              watch.watchReceiving(true);
              return EMPTY;
            }),
          ).pipe(shareReplay(0))
        : EMPTY;
    const scopeOf = (linkInHeader: boolean): NetworkScope => {
      const { receive = 'buffer', transparent: isTransparent = false } = options;
      return {
        session,
        lifetime,
        lost$: watch.lost$,
        notTransparent: () => watch.notTransparent(),
        transparentConnection: (isMade) => watch.transparentConnection(isMade),
        servers,
        ports: new Ports(),
        receive: isTransparent && receive === 'push' ? 'buffer' : receive,
        linkInHeader,
        transparent: isTransparent,
        firstFree: isTransparent ? 1 : 0,
        readyForLinks: () => buffered$,
      };
    };
    const resolve = (scope: NetworkScope, host: string) =>
      defer(() => {
        assertOpen(scope);
        const found$ = session.bearer.attempt(NAME_SERVERS, session.lane.run(cdnsGip({ host })));
        return found$.pipe(mergeMap((addresses) => addresses));
      }).pipe(nameCause('resolve'));
    const networkOf = (address: string, scope: NetworkScope): Network => {
      return {
        address,
        receive: scope.receive,
        links$: session.links.links$,
        connect: (where) =>
          given(['connect', "{ host: 'example.com', port: 80 }"], where, RELEASED, () =>
            connect(scope, where),
          ),
        listen: (where) => given(['listen', '{ port: 7 }'], where, LISTEN, () => listen(scope, where)),
        bind: (where) => given(['bind', '{ port: 5000 }'], where, BIND, () => bind(scope, where)),
        transparent: (where) =>
          given(['transparent', "{ host: 'example.com', port: 80 }"], where, TRANSPARENT_OPTIONS, () =>
            transparent(scope, where),
          ),
        resolve: (host) => resolve(scope, host),
        close: () =>
          concat(
            lifetime.release(),
            defer(() => {
              subscriber.complete();
              return lifetime.release();
            }),
          ),
      };
    };
    const open$ = concat(
      closing$,
      defer(() => opening.run()),
    );
    subscriber.add(
      open$.subscribe({
        next: ({ address, linkInHeader }) => {
          if (options.transparent !== true) watch.watchReceiving(options.receive !== 'push');
          const scope = scopeOf(linkInHeader);
          const check =
            options.check &&
            bearerCheck(options.check, session, {
              resolve: (host) => resolve(scope, host),
              connect: (where) => connect(scope, where),
            });
          watch.keep(address, servers, check);
          subscriber.add(opening.settings.keepAll());
          watch.watchHeaders();
          watch.watchMode(options.transparent === true);
          watch.watchAccessPoint(opening.settings.accessPoint);
          subscriber.next(networkOf(address, scope));
        },
        error: fail,
      }),
    );
  });
}

const RELEASED = { onReleased: 'function' } as const;
const LISTEN: Shape<ListenOptions> = { ...RELEASED, onListening: 'function' };
const BIND: Shape<BindOptions> = { ...RELEASED, remote: 'object' };

/** Opens something with options that were given; a failure has a code of its own. */
function given<O, T>(
  [name, example]: readonly [name: 'connect' | 'listen' | 'bind' | 'transparent', example: string],
  options: O,
  shape: Shape<O>,
  open: () => Observable<T>,
): Observable<T> {
  return defer(() => {
    assertOptions(name, options, example, shape);
    return open();
  }).pipe(nameCause(name === 'transparent' ? 'connect' : name));
}

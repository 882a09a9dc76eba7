import {
  cgdcont,
  cipCcfg,
  cipMode,
  cipRxGet,
  cipTimeout,
  ctcpKa,
  ipAddr,
  isAtError,
  netClose,
  netOpen,
  type SocketConfiguration,
  serverStart,
  serverStop,
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  defaultIfEmpty,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  throwError,
} from 'rxjs';
import { PushReceiver } from '../links/push-receiver.js';
import type { Session } from '../modem/session.js';
import type { NetworkOptions } from './options.js';

/** What the network turned out to be. */
export interface OpenedNetwork {
  readonly address: string;
  /** What is pushed bears the link number. */
  readonly linkInHeader: boolean;
}

/** Settings that a running network keeps until it is opened anew. */
interface Standing {
  readonly transparent: boolean;
  readonly configuration: SocketConfiguration | undefined;
}

/**
 * Opens the socket service with the wanted settings, or takes over one that is open already if it
 * has them.
 */
export class NetworkOpening {
  private readonly session: Session;
  private readonly options: NetworkOptions;
  private readonly preparations;
  private readonly afterwards;
  private readonly done = new ReplaySubject<never>(0);
  private receiver: PushReceiver | undefined;
  private begun = false;

  /** Throws `INVALID_ARGUMENT` when an option is none that the module could take. */
  constructor(session: Session, options: NetworkOptions) {
    const { apn, pdpType, timeouts, keepAlive } = options;
    this.session = session;
    this.options = options;
    cipCcfg({ retries: options.retries, retransmission: options.retransmission });
    this.preparations = [
      ...(apn === undefined ? [] : [cgdcont({ apn, type: pdpType ?? 'IP' })]),
      ...(timeouts === undefined ? [] : [cipTimeout(timeouts)]),
    ];
    this.afterwards = keepAlive === undefined ? [] : [ctcpKa({ on: true, ...keepAlive })];
  }

  /** Emits once when the network is open. */
  run(): Observable<OpenedNetwork> {
    const { lane, links, router } = this.session;
    const { receive = 'buffer', transparent = false } = this.options;
    if (receive === 'push' && !transparent) this.receiver = new PushReceiver(links, router);
    return concat(
      ...this.preparations.map((command) => lane.run(command)),
      transparent ? EMPTY : lane.run(cipRxGet({ buffered: receive !== 'push' })),
    ).pipe(
      ignoreElements(),
      defaultIfEmpty(undefined),
      mergeMap(() => this.standing()),
      mergeMap((standing) => this.openAs(standing)),
      mergeMap((linkInHeader) =>
        concat(
          ...this.afterwards.map((command) => lane.run(command).pipe(ignoreElements())),
          lane.run(ipAddr()),
        ).pipe(map((address) => ({ address, linkInHeader }))),
      ),
    );
  }

  /** Closes the network if it was, or is being, opened or taken over. */
  undo(): Observable<unknown> {
    this.receiver?.stop();
    if (!this.begun) return EMPTY;
    return concat(
      this.done.pipe(catchError(() => EMPTY)),
      this.session.lane.run(netClose()).pipe(catchError(closedAlready)),
    );
  }

  /** What the module has set; firmware that does not say has its defaults. */
  private standing(): Observable<Standing> {
    const { lane } = this.session;
    return lane.run(cipMode.read()).pipe(
      catchError(() => of(false)),
      mergeMap((transparent) =>
        lane.run(cipCcfg.read()).pipe(
          map((configuration) => ({ transparent, configuration })),
          catchError(() => of({ transparent, configuration: undefined })),
        ),
      ),
    );
  }

  /** Emits whether pushed data bears its link. */
  private openAs(standing: Standing): Observable<boolean> {
    const { lane } = this.session;
    const { transparent = false } = this.options;
    const wanted = this.configure(standing.configuration);
    const sameMode = standing.transparent === transparent;
    const fits = sameMode && standing.configuration?.datagrams === wanted?.datagrams;
    let linkInHeader = wanted?.linkInHeader ?? false;
    const refused = (error: unknown) => {
      linkInHeader = standing.configuration?.linkInHeader ?? false;
      return isAtError(error) ? EMPTY : throwError(() => error);
    };
    const set$ = concat(
      sameMode ? EMPTY : lane.run(cipMode({ transparent })),
      wanted === undefined || same(standing.configuration, wanted)
        ? EMPTY
        : lane.run(cipCcfg(wanted)).pipe(catchError(refused)),
    );
    const open$ = defer(() => this.begin(lane.run(netOpen()).pipe(catchError(openAlready))));
    const adopt$ = defer(() => this.begin(this.adopt()));
    const reopen$ = concat(lane.run(netClose()).pipe(catchError(closedAlready)), set$, open$);
    return lane.run(netOpen.read()).pipe(
      mergeMap((isOpen) => (!isOpen ? concat(set$, open$) : fits ? concat(set$, adopt$) : reopen$)),
      ignoreElements(),
      endWith(undefined),
      map(() => linkInHeader),
    );
  }

  private configure(now: SocketConfiguration | undefined): SocketConfiguration | undefined {
    if (now === undefined) return undefined;
    const { retries = now.retries, retransmission = now.retransmission, receive } = this.options;
    return {
      ...now,
      retries,
      retransmission,
      errorsInWords: true,
      linkInHeader: receive === 'push' ? true : now.linkInHeader,
      ...(now.datagrams === undefined ? {} : { datagrams: true }),
    };
  }

  /** From here on there is something to undo. Goes on when nobody waits for it any more. */
  private begin(work$: Observable<unknown>): Observable<never> {
    this.begun = true;
    work$.pipe(ignoreElements()).subscribe(this.done);
    return this.done;
  }

  /** Takes over a network that somebody else left open, without what was open in it. */
  private adopt(): Observable<unknown> {
    const { lane, links } = this.session;
    const stop$ = lane.run(serverStart.read()).pipe(
      mergeMap((servers) => servers),
      mergeMap(({ server }) => lane.run(serverStop({ server })).pipe(catchError(() => EMPTY))),
      catchError(() => EMPTY),
    );
    return concat(links.closeStale(), stop$);
  }
}

function same(now: SocketConfiguration | undefined, wanted: SocketConfiguration): boolean {
  return (
    now !== undefined &&
    (Object.keys(wanted) as (keyof SocketConfiguration)[]).every((key) => now[key] === wanted[key])
  );
}

/** A network that is open already is what was asked for. */
function openAlready(error: unknown): Observable<never> {
  return isAtError(error, 'IP_ERROR') && error.number === 4 ? EMPTY : throwError(() => error);
}

/** A network that is closed already is what was asked for. */
function closedAlready(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}

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
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  ReplaySubject,
  tap,
  throwError,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { ensure, readSetting, type Setting } from '../lane/setting.js';
import { OrphanedReads } from '../links/orphaned-reads.js';
import { PushReceiver } from '../links/push-receiver.js';
import type { Session } from '../session/session.js';
import { stopServer } from '../sockets/stop-server.js';
import type { NetworkOptions } from './options.js';

/** What the network turned out to be. */
export interface OpenedNetwork {
  readonly address: string;
  /** What is pushed bears the link number. */
  readonly linkInHeader: boolean;
}

/** Settings that a running network keeps until it is opened anew; undefined where the firmware does not tell. */
interface CurrentSettings {
  readonly transparent: boolean | undefined;
  readonly configuration: SocketConfiguration | undefined;
}

const BUFFERED: Setting<boolean> = {
  read: cipRxGet.read(),
  write: (buffered) => cipRxGet({ buffered }),
  same: Object.is,
};
const TRANSPARENT: Setting<boolean> = {
  read: cipMode.read(),
  write: (transparent) => cipMode({ transparent }),
  same: Object.is,
};
const CONFIGURATION: Setting<SocketConfiguration> = {
  read: cipCcfg.read(),
  write: (configuration) => cipCcfg(configuration),
  same: (one, other) =>
    (Object.keys(other) as (keyof SocketConfiguration)[]).every((key) => one[key] === other[key]),
};

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
  private receiver: PushReceiver | OrphanedReads | undefined;
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
    if (!transparent) {
      const Receiver = receive === 'push' ? PushReceiver : OrphanedReads;
      this.receiver = new Receiver(links, router);
    }
    return concat(
      ...this.preparations.map((command) => lane.run(command)),
      transparent ? EMPTY : this.setBuffered(receive !== 'push'),
    ).pipe(
      ignoreElements(),
      endWith(undefined),
      mergeMap(() => this.readCurrent()),
      mergeMap((current) => this.openAs(current)),
      mergeMap((linkInHeader) =>
        concat(
          ...this.afterwards.map((command) => lane.run(command).pipe(ignoreElements())),
          lane.run(ipAddr()),
        ).pipe(map((address) => ({ address, linkInHeader }))),
      ),
    );
  }

  /**
   * Closes the network if it was, or is being, opened or taken over. One that was `lost` is
   * most often closed already; the module is asked first.
   */
  undo(lost: boolean): Observable<unknown> {
    const { lane } = this.session;
    this.receiver?.stop();
    if (!this.begun) return EMPTY;
    const close$ = lane.run(netClose()).pipe(catchError(closedAlready));
    return concat(
      this.done.pipe(catchError(() => EMPTY)),
      lost ? lane.run(netOpen.read()).pipe(mergeMap((isOpen) => (isOpen ? close$ : EMPTY))) : close$,
    );
  }

  private setBuffered(wanted: boolean): Observable<never> {
    const { lane } = this.session;
    return readSetting(lane, BUFFERED).pipe(
      mergeMap((now) => ensure(lane, BUFFERED, now, wanted)),
      mergeMap((buffered) =>
        buffered === wanted
          ? EMPTY
          : throwError(
              () => new ModemError('WRONG_MODE', `The module does not take AT+CIPRXGET=${Number(wanted)}.`),
            ),
      ),
    );
  }

  private readCurrent(): Observable<CurrentSettings> {
    const { lane } = this.session;
    return readSetting(lane, TRANSPARENT).pipe(
      mergeMap((transparent) =>
        readSetting(lane, CONFIGURATION).pipe(map((configuration) => ({ transparent, configuration }))),
      ),
    );
  }

  /** Emits whether pushed data bears its link. */
  private openAs({ transparent, configuration }: CurrentSettings): Observable<boolean> {
    const { lane } = this.session;
    const mode = this.options.transparent ?? false;
    const wanted = this.configure(configuration);
    const fits = (transparent ?? false) === mode && configuration?.datagrams === wanted?.datagrams;
    let linkInHeader = false;
    const set$ = concat(
      transparent === undefined && !mode ? EMPTY : ensure(lane, TRANSPARENT, transparent, mode),
      wanted === undefined
        ? EMPTY
        : ensure(lane, CONFIGURATION, configuration, wanted).pipe(
            tap((current) => {
              linkInHeader = current.linkInHeader;
            }),
          ),
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
      mergeMap(({ server }) => stopServer(this.session, server)),
      catchError(() => EMPTY),
    );
    return concat(links.closeStale(), stop$);
  }
}

/** A network that is open already is what was asked for. */
function openAlready(error: unknown): Observable<never> {
  return isAtError(error, 'IP_ERROR') && error.number === 4 ? EMPTY : throwError(() => error);
}

/** A network that is closed already is what was asked for. */
function closedAlready(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}

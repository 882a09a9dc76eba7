import {
  cipCcfg,
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
  of,
  ReplaySubject,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { type Disposer, disposeAll } from '../base/disposer.js';
import { ModemError } from '../base/errors.js';
import { saysNetworkOpen } from '../base/refusals.js';
import { runRepeatable } from '../lane/repeat.js';
import { ensureSetting, readSetting, type Setting, writeSetting } from '../lane/setting.js';
import type { Session } from '../session/session.js';
import { SLEEP } from '../session/settings.js';
import { stopServer } from '../sockets/stop-server.js';
import { assertCheck } from './check.js';
import { networkRefused } from './network-refused.js';
import type { NetworkOptions } from './options.js';
import { BUFFERED, CONFIGURATION, CONTEXT, type Context, HEADERS, SENDERS, TRANSPARENT } from './settings.js';

/** What the network turned out to be. */
export interface OpenedNetwork {
  readonly address: string;
  /** What is pushed bears the link number. */
  readonly linkInHeader: boolean;
}

/** Settings that a running network keeps until it is opened again; undefined where the firmware does not report it. */
interface CurrentSettings {
  readonly context: Context | undefined;
  readonly transparent: boolean | undefined;
  readonly configuration: SocketConfiguration | undefined;
}

/**
 * Opens the socket service with the wanted settings, or takes over one that is open already if it
 * has them.
 */
export class NetworkOpening {
  private readonly session: Session;
  private readonly options: NetworkOptions;
  private readonly context: Context | undefined;
  private readonly preparations;
  private readonly afterwards;
  private readonly done = new ReplaySubject<never>(0);
  private begun = false;
  /** The network was open, and is another program's too. */
  private shared = false;
  private readonly kept: ((session: Session) => Disposer)[] = [];

  /** Throws `INVALID_ARGUMENT` when an option is none that the module could take. */
  constructor(session: Session, options: NetworkOptions) {
    const { apn, pdpType = 'IP', timeouts, keepAlive } = options;
    this.session = session;
    this.options = options;
    cipCcfg({ retries: options.retries, retransmission: options.retransmission });
    this.context = apn === undefined ? undefined : { apn, type: pdpType };
    if (this.context !== undefined) CONTEXT.write(this.context);
    if (options.check !== undefined) assertCheck(options.check);
    this.preparations = timeouts === undefined ? [] : [cipTimeout(timeouts)];
    this.afterwards = keepAlive === undefined ? [] : [ctcpKa({ on: true, ...keepAlive })];
  }

  /** Keeps the settings of the network as they are now; see {@link KeptSettings}. */
  keepSettings(): Disposer {
    return disposeAll(this.kept.map((keep) => keep(this.session)));
  }

  /** Emits once when the network is open. */
  run(): Observable<OpenedNetwork> {
    const { lane, keepsAwake } = this.session;
    const { receive = 'buffer', transparent = false } = this.options;
    const push = receive === 'push' && !transparent;
    return concat(
      ...this.preparations.map((command) => lane.run(command)),
      // Another program may have put it to sleep since the modem was opened.
      keepsAwake ? ensureSetting(lane, SLEEP, 0).pipe(catchError(refused)) : EMPTY,
      transparent ? EMPTY : this.setBuffered(receive !== 'push'),
      push ? concat(this.ensure(HEADERS, true), this.ensure(SENDERS, true)) : EMPTY,
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
    if (!this.begun || this.shared) return EMPTY;
    const close$ = lane.run(netClose()).pipe(catchError(closedAlready));
    return concat(
      this.done.pipe(catchError(() => EMPTY)),
      lost ? lane.run(netOpen.read()).pipe(mergeMap((isOpen) => (isOpen ? close$ : EMPTY))) : close$,
    );
  }

  /** Makes the module keep what links receive (`AT+CIPRXGET=1`), or push it. Cold. */
  setBuffered(wanted: boolean): Observable<never> {
    const { lane } = this.session;
    return ensureSetting(lane, BUFFERED, wanted).pipe(
      mergeMap((buffered) =>
        buffered === wanted
          ? EMPTY
          : throwError(
              () =>
                new ModemError(
                  'SETTING_REFUSED',
                  `The module did not keep AT+CIPRXGET=${Number(wanted)}, although it was sent several times.`,
                ),
            ),
      ),
    );
  }

  /** Sets what the module may refuse: firmware without a setting behaves as its default. */
  private ensure<T>(setting: Setting<T>, value: T): Observable<never> {
    const { lane } = this.session;
    return readSetting(lane, setting).pipe(
      mergeMap((now) => {
        if (now !== undefined) this.keep(setting, value);
        return writeSetting(lane, setting, now, value);
      }),
      ignoreElements(),
      catchError(refused),
    );
  }

  private keep<T>(setting: Setting<T>, value: T): void {
    this.kept.push(({ settings }) => settings.keep(setting, value));
  }

  private readCurrent(): Observable<CurrentSettings> {
    const { lane } = this.session;
    const context$ = this.context === undefined ? of(undefined) : readSetting(lane, CONTEXT);
    return concat(context$, readSetting(lane, TRANSPARENT), readSetting(lane, CONFIGURATION)).pipe(
      toArray(),
      map((read) => {
        const [context, transparent, configuration] = read as [
          CurrentSettings['context'],
          CurrentSettings['transparent'],
          CurrentSettings['configuration'],
        ];
        return { context, transparent, configuration };
      }),
    );
  }

  /** Emits whether pushed data bears its link. */
  private openAs({ context, transparent, configuration }: CurrentSettings): Observable<boolean> {
    const { lane, exclusive } = this.session;
    const mode = this.options.transparent ?? false;
    const wanted = this.configure(configuration);
    const fits =
      (transparent ?? false) === mode &&
      configuration?.datagrams === wanted?.datagrams &&
      (this.context === undefined || CONTEXT.same(context, this.context));
    let linkInHeader = false;
    if (this.context !== undefined) this.keep(CONTEXT, this.context);
    if (transparent !== undefined) this.keep(TRANSPARENT, mode);
    const set$ = concat(
      this.context === undefined ? EMPTY : writeSetting(lane, CONTEXT, context, this.context),
      transparent === undefined && !mode ? EMPTY : writeSetting(lane, TRANSPARENT, transparent, mode),
      wanted === undefined
        ? EMPTY
        : writeSetting(lane, CONFIGURATION, configuration, wanted).pipe(
            tap((current) => {
              linkInHeader = current.linkInHeader;
              this.keep(CONFIGURATION, current);
            }),
          ),
    );
    const open$ = defer(() =>
      this.begin(
        lane.run(netOpen()).pipe(
          catchError(openAlready),
          catchError((error) => networkRefused((command) => lane.run(command), error)),
        ),
      ),
    );
    const adopt$ = defer(() => this.begin(this.adopt()));
    const reopen$ = concat(lane.run(netClose()).pipe(catchError(closedAlready)), set$, open$);
    return runRepeatable(lane, netOpen.read()).pipe(
      mergeMap((isOpen) => {
        if (!isOpen) return concat(set$, open$);
        this.shared = !exclusive;
        if (fits) return concat(set$, adopt$);
        return exclusive ? reopen$ : throwError(otherSettings);
      }),
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

  /** From here on there is something to undo. Goes on after its caller has unsubscribed. */
  private begin(work$: Observable<unknown>): Observable<never> {
    this.begun = true;
    work$.pipe(ignoreElements()).subscribe(this.done);
    return this.done;
  }

  /** Adopts a network that another program left open, and closes the links in it. */
  private adopt(): Observable<unknown> {
    const { lane, links, exclusive } = this.session;
    if (!exclusive) return EMPTY;
    const stop$ = lane.run(serverStart.read()).pipe(
      mergeMap((servers) => servers),
      mergeMap(({ server }) => stopServer(this.session, server)),
      catchError(() => EMPTY),
    );
    return concat(links.closeStale(), stop$);
  }
}

function otherSettings(): ModemError {
  return new ModemError(
    'WRONG_MODE',
    'The network is open with other settings (AT+CGDCONT, AT+CIPMODE, AT+CIPCCFG), and the modem was opened with ' +
      'exclusive: false, so it may not be closed. Ask for the settings that it has, or close it first.',
  );
}

/** Firmware without a setting behaves as its default. */
function refused(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}

/** A network that is open already is what was asked for. */
function openAlready(error: unknown): Observable<never> {
  return saysNetworkOpen(error) ? EMPTY : throwError(() => error);
}

/** A network that is closed already is what was asked for. */
function closedAlready(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}

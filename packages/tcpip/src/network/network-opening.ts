import { cipTimeout, ctcpKa, ipAddr, netClose, netOpen, serverStart } from '@a7600/at-codec';
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
  throwError,
} from 'rxjs';
import { ignoreRefusal, saysNetworkOpen } from '../base/refusals.js';
import { runRepeatable } from '../lane/repeat.js';
import type { Session } from '../session/session.js';
import { stopServer } from '../sockets/stop-server.js';
import { assertCheck } from './check.js';
import { networkRefused } from './network-refused.js';
import { NetworkSettings } from './network-settings.js';
import type { NetworkOptions } from './options.js';
import type { CurrentSettings } from './settings.js';

/** What the network turned out to be. */
export interface OpenedNetwork {
  readonly address: string;
  /** What is pushed bears the link number. */
  readonly linkInHeader: boolean;
}

/**
 * Opens the socket service with the wanted settings, or takes over one that is open already if it
 * has them.
 */
export class NetworkOpening {
  readonly settings: NetworkSettings;
  private readonly session: Session;
  private readonly preparations;
  private readonly afterwards;
  private readonly done = new ReplaySubject<never>(0);
  private begun = false;

  /** Throws `INVALID_ARGUMENT` when an option is none that the module could take. */
  constructor(session: Session, options: NetworkOptions) {
    const { timeouts, keepAlive } = options;
    this.session = session;
    this.settings = new NetworkSettings(session, options);
    if (options.check !== undefined) assertCheck(options.check);
    // Without a value, the command has another form, which some firmware does not have.
    const isLimited = Object.values(timeouts ?? {}).some((limit) => limit !== undefined);
    this.preparations = isLimited ? [cipTimeout({ ...timeouts })] : [];
    this.afterwards = keepAlive === undefined ? [] : [ctcpKa({ on: true, ...keepAlive })];
  }

  /** Emits once when the network is open. */
  run(): Observable<OpenedNetwork> {
    const { lane, exclusive } = this.session;
    const opened$ = exclusive
      ? this.prepared((current) => this.openAs(current))
      : // What is another program's is looked at before anything is set.
        runRepeatable(lane, netOpen.read()).pipe(
          mergeMap((isOpen) => {
            const opened = (current: CurrentSettings) => this.adoptShared(current);
            return isOpen
              ? this.settings.readCurrent().pipe(mergeMap(opened))
              : this.prepared((current) => this.openAs(current));
          }),
        );
    return opened$.pipe(
      mergeMap((linkInHeader) =>
        concat(
          ...this.afterwards.map((command) => lane.run(command).pipe(ignoreElements())),
          lane.run(ipAddr()),
        ).pipe(map((address) => ({ address, linkInHeader }))),
      ),
    );
  }

  private prepared<T>(then: (current: CurrentSettings) => Observable<T>): Observable<T> {
    return concat(
      ...this.preparations.map((command) => this.session.lane.run(command).pipe(ignoreElements())),
      this.settings.prepare(),
    ).pipe(
      ignoreElements(),
      endWith(undefined),
      mergeMap(() => this.settings.readCurrent()),
      mergeMap(then),
    );
  }

  /**
   * Closes the network if it was, or is being, opened or taken over. One that was `lost` is
   * most often closed already; the module is asked first.
   */
  undo(lost: boolean): Observable<unknown> {
    const { lane } = this.session;
    if (!this.begun) return EMPTY;
    const close$ = lane.run(netClose()).pipe(catchError(ignoreRefusal));
    return concat(
      this.done.pipe(catchError(() => EMPTY)),
      lost ? lane.run(netOpen.read()).pipe(mergeMap((isOpen) => (isOpen ? close$ : EMPTY))) : close$,
    );
  }

  /** Emits whether pushed data bears its link. */
  private openAs(current: CurrentSettings): Observable<boolean> {
    const { lane, exclusive } = this.session;
    const fits = this.settings.fits(current);
    const set$ = defer(() => this.settings.apply(current));
    const then = (work$: Observable<never>) => set$.pipe(mergeMap((bears) => concat(work$, of(bears))));
    const close$ = lane.run(netClose()).pipe(ignoreElements(), catchError(ignoreRefusal));
    const open$ = defer(() =>
      this.begin(
        lane.run(netOpen()).pipe(
          catchError(openAlready),
          catchError((error) => networkRefused((command) => lane.run(command), error)),
        ),
      ),
    );
    const adopt$ = defer(() => this.begin(this.adopt()));
    return runRepeatable(lane, netOpen.read()).pipe(
      mergeMap((isOpen) => {
        if (!isOpen) return then(open$);
        if (!exclusive) return this.adoptShared(current);
        if (!fits) return concat(close$, then(open$));
        return (this.settings.accessPoint?.isInUse() ?? of(true)).pipe(
          mergeMap((isInUse) => (isInUse ? then(adopt$) : concat(close$, then(open$)))),
        );
      }),
    );
  }

  /** Uses the network that another program has open, and has nothing to undo. Emits whether pushed data bears its link. */
  private adoptShared(current: CurrentSettings): Observable<boolean> {
    return concat(
      this.settings.accessPoint?.isInUse().pipe(ignoreElements()) ?? EMPTY,
      this.settings.adoptAsItIs(current),
    );
  }

  /** From here on there is something to undo. Goes on after its caller has unsubscribed. */
  private begin(work$: Observable<unknown>): Observable<never> {
    this.begun = true;
    work$.pipe(ignoreElements()).subscribe(this.done);
    return this.done;
  }

  /** Takes over a network that an earlier program left open, and closes the links in it. */
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
  return saysNetworkOpen(error) ? EMPTY : throwError(() => error);
}

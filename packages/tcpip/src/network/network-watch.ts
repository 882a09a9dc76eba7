import {
  ceregChanged,
  cgregChanged,
  cipRxGet,
  cregChanged,
  dataWaiting,
  ipAddr,
  networkLost,
  pushed,
  pushedOnLink,
} from '@a7600/at-codec';
import { catchError, EMPTY, filter, type Observable, ReplaySubject, Subscription, throwIfEmpty } from 'rxjs';
import { ModemError } from '../base/errors.js';
import type { Setting } from '../lane/setting.js';
import { findRegistration, isRegistered } from '../session/registration.js';
import type { Session } from '../session/session.js';
import { REPORTING_PORT } from '../session/settings.js';
import type { Servers } from '../sockets/servers.js';
import type { AccessPoint } from './access-point.js';
import { type BearerCheck, BearerWatch } from './bearer-watch.js';
import { ModeWatch } from './mode-watch.js';
import { NetworkOpenness } from './network-openness.js';
import { BUFFERED, HEADERS } from './settings.js';

const GONE =
  'The module lost the network, and every connection with it. Check the signal and the ' +
  'subscription, then open the network again.';
const OTHER_MODE =
  'The module is not set as it was when the network was opened (AT+CIPRXGET, AT+CIPMODE), so that ' +
  'data may be lost. Another program, or a command of raw() such as AT&F, may have changed it. Open the network again.';

const NO_HEADERS =
  'Another program has switched off the headers of pushed data (AT+CIPHEAD=0), so that received data was lost. ' +
  'Open the network again.';

const ELSEWHERE =
  'Another program has sent what the module reports and pushes to another port (AT+CATR), so that received data was ' +
  'lost. Open the network again.';

const OTHER_ACCESS_POINT =
  'The network is open with another access point than it was opened with (AT+CGCONTRDP): another program has closed ' +
  'it, and opened it with its own. Open the network again.';

/**
 * Finds out that the network is gone (`NETWORK_LOST`): the module says so, or answers a socket command
 * as if it were, or has not been registered for too long; or that it is not what it was opened as
 * (`NETWORK_CHANGED`); or that no data passes (`BEARER_STALLED`).
 */
export class NetworkWatch {
  private readonly session: Session;
  private readonly grace: number;
  private readonly attached = new Subscription();
  private readonly lost = new ReplaySubject<never>(0);
  private readonly unregistered = new Set<unknown>();
  private readonly reporting = new Set<unknown>();
  private graceTimer = Subscription.EMPTY;
  private gone = false;
  private bearer: BearerWatch | undefined;
  private readonly openness: NetworkOpenness;
  private mode: ModeWatch | undefined;

  /** Errors with `NETWORK_LOST`, `NETWORK_CHANGED` or `BEARER_STALLED`; replays that. */
  readonly lost$: Observable<never> = this.lost.asObservable();

  /** `grace` is the time in ms for which the registration may be lost. */
  constructor(session: Session, grace: number) {
    const { router, links } = session;
    this.session = session;
    this.grace = grace;
    this.openness = new NetworkOpenness(session, {
      closed: () => this.lose(),
      changed: (why) => this.change(why),
    });
    this.attached.add(router.on(networkLost, () => this.openness.reportedClosed()));
    for (const urc of [cregChanged, cgregChanged, ceregChanged]) {
      this.attached.add(router.on(urc, ({ stat }) => this.registration(urc, isRegistered(stat))));
    }
    this.attached.add(links.networkClosed$.subscribe(() => this.askAgain()));
  }

  /**
   * From now on the module has to keep what it receives, or else to push it. What says otherwise is
   * not believed before the module was asked: a line may be damaged.
   */
  watchReceiving(buffered: boolean): void {
    const { router, lane } = this.session;
    let asking = false;
    /** Another program has changed it, and what came before it was set again may be lost. */
    let changed = false;
    this.keepReceiving(BUFFERED, buffered, OTHER_MODE, () => {
      changed = true;
    });
    const ask = () => {
      asking = true;
      lane
        .run(cipRxGet.read())
        .pipe(catchError(() => EMPTY))
        .subscribe({
          next: (current) => {
            if (current !== buffered) this.change(OTHER_MODE);
          },
          complete: () => {
            asking = false;
          },
        });
    };
    if (!buffered) this.watchReportingPort();
    const signs = buffered ? [pushed, pushedOnLink] : [dataWaiting];
    const sign = () => {
      if (changed) this.change(OTHER_MODE);
      else if (!asking) ask();
    };
    for (const urc of signs) this.attached.add(router.on<unknown>(urc, sign));
  }

  /** What is pushed has to come to this port. */
  private watchReportingPort(): void {
    const found$ = this.session.discrepancies$.pipe(
      filter((found) => found.kind === 'setting' && found.name === REPORTING_PORT.name),
    );
    this.attached.add(found$.subscribe(() => this.change(ELSEWHERE)));
  }

  /** What is pushed has to have a header. Without one it cannot be told from lines of the module, and is lost. */
  watchHeaders(): void {
    if (this.session.settings.has(HEADERS)) this.keepReceiving(HEADERS, true, NO_HEADERS);
  }

  /**
   * Keeps a setting that received data depends on. Where the module turns out to have had another one, and has printed
   * anything unasked since it had this one, that may have been data without its header, however it reads: the
   * network ends.
   */
  private keepReceiving(
    setting: Setting<boolean>,
    wanted: boolean,
    why: string,
    onOther: () => void = () => {},
  ): void {
    const { session } = this;
    let before = session.unasked;
    const onValue = (value: boolean) => {
      const isSilent = session.unasked === before;
      before = session.unasked;
      if (value === wanted) return;
      onOther();
      if (!isSilent) this.change(why);
    };
    this.attached.add(session.settings.keep(setting, wanted, { onValue }));
  }

  /** The network has to stay in the mode that it was opened in. */
  watchMode(transparent: boolean): void {
    this.mode = new ModeWatch(this.session, transparent, () => this.change(OTHER_MODE));
    this.attached.add(this.mode.start());
  }

  /** A transparent connection was made, or it was announced and not made. */
  transparentConnection(isMade: boolean): void {
    if (isMade) this.mode?.worked();
    else this.mode?.doubted();
  }

  /**
   * A transparent connection did not open as one. What `AT+CIPMODE?` says is no proof: a network
   * that was open keeps the mode that it was opened in.
   */
  notTransparent(): void {
    this.change(OTHER_MODE);
  }

  /** The network uses that access point as long as it is open. */
  watchAccessPoint(accessPoint: AccessPoint | undefined): void {
    if (accessPoint === undefined) return;
    this.attached.add(accessPoint.watch(() => this.change(OTHER_ACCESS_POINT)));
  }

  /** Whether the network was lost. */
  get isLost(): boolean {
    return this.gone;
  }

  /** Stops watching; completes at once. */
  stop(): Observable<never> {
    this.attached.unsubscribe();
    this.openness.stop();
    this.graceTimer.unsubscribe();
    this.bearer?.stop();
    return EMPTY;
  }

  /** The network is open, with this address: from now on that is confirmed again and again, and `check` is made. */
  keep(address: string, servers: Servers, check: BearerCheck | undefined): void {
    this.openness.opened(address);
    this.bearer = new BearerWatch(this.session, check, (error) => this.end(error));
    this.bearer.start();
    const { watch, links, settings } = this.session;
    this.attached.add(
      settings.question.add({ command: ipAddr(), found: (now) => this.openness.compareAddress(now) }),
    );
    const isOpen = () => true;
    const hasServers = () => servers.size > 0;
    // A list may be empty, and its answer `OK` alone.
    const beliefs = [
      watch.believe(() => this.openness.confirm()),
      watch.believe(() => links.confirm(), 0, isOpen, false),
      watch.believe(() => servers.confirm(), 0, hasServers, false),
    ];
    for (const belief of beliefs) this.attached.add(belief.dispose);
  }

  private askAgain(): void {
    this.openness.confirm().subscribe({ error: () => {} });
  }

  private registration(urc: unknown, registered: boolean): void {
    this.reporting.add(urc);
    if (registered) this.unregistered.delete(urc);
    else this.unregistered.add(urc);
    const out = this.unregistered.size === this.reporting.size;
    if (!out) this.graceTimer.unsubscribe();
    else if (this.graceTimer.closed) {
      this.graceTimer = this.session.scheduler.schedule(() => this.confirmUnregistered(), this.grace);
    }
  }

  /** The reports speak for the families that have changed; only all of them together are the truth. */
  private confirmUnregistered(): void {
    findRegistration(this.session.lane)
      .pipe(throwIfEmpty())
      .subscribe({ error: () => this.lose() });
  }

  private lose(): void {
    this.end(new ModemError('NETWORK_LOST', GONE));
  }

  private change(why: string): void {
    this.end(new ModemError('NETWORK_CHANGED', why));
  }

  private end(error: ModemError): void {
    if (this.gone) return;
    this.gone = true;
    this.stop();
    this.session.links.loseAll(error);
    this.lost.error(error);
  }
}

import {
  cereg,
  ceregChanged,
  cgreg,
  cgregChanged,
  cipRxGet,
  creg,
  cregChanged,
  dataWaiting,
  netOpen,
  networkLost,
  pushed,
  pushedOnLink,
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  EMPTY,
  filter,
  type Observable,
  ReplaySubject,
  Subscription,
  take,
  tap,
  throwIfEmpty,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { runRepeatable } from '../lane/repeat.js';
import { isRegistered } from '../session/registration.js';
import type { Session } from '../session/session.js';
import type { Servers } from '../sockets/servers.js';
import type { Wanted } from './wanted.js';

/** Intervals for which the settings can wait when there is more to ask. */
const SETTING_PATIENCE = 4;

const GONE =
  'The module lost the network, and every connection with it. Check the signal and the ' +
  'subscription, then open the network again.';
const OTHER_MODE =
  'The module is not set as it was when the network was opened (AT+CIPRXGET, AT+CIPMODE), so that ' +
  'data may be lost. Open the network again.';

/**
 * Finds out that the network is gone: the module says so, or answers a socket command as if
 * it were, or has not been registered for too long; or that it is not what it was opened as.
 */
export class NetworkWatch {
  private readonly session: Session;
  private readonly grace: number;
  private readonly attached = new Subscription();
  private readonly lost = new ReplaySubject<never>(0);
  private readonly unregistered = new Set<unknown>();
  private readonly reporting = new Set<unknown>();
  private patience = Subscription.EMPTY;
  private gone = false;

  /** Errors with `NETWORK_LOST`; replays that. */
  readonly lost$: Observable<never> = this.lost.asObservable();

  /** `grace` is the time in ms for which the registration may be lost. */
  constructor(session: Session, grace: number) {
    const { router, links } = session;
    this.session = session;
    this.grace = grace;
    this.attached.add(router.on(networkLost, () => this.lose()));
    for (const urc of [cregChanged, cgregChanged, ceregChanged]) {
      this.attached.add(router.on(urc, ({ stat }) => this.registration(urc, isRegistered(stat))));
    }
    this.attached.add(links.networkClosed$.subscribe(() => this.confirm().subscribe({ error: () => {} })));
  }

  /**
   * From now on the module has to keep what it receives, or else to push it. What says otherwise is
   * not believed before the module was asked: a line may be damaged.
   */
  watchReceiving(buffered: boolean): void {
    const { router, lane } = this.session;
    let asking = false;
    const confirm = () => {
      if (asking) return;
      asking = true;
      lane
        .run(cipRxGet.read())
        .pipe(catchError(() => EMPTY))
        .subscribe({
          next: (current) => {
            if (current !== buffered) this.lose(OTHER_MODE);
          },
          complete: () => {
            asking = false;
          },
        });
    };
    const signs = buffered ? [pushed, pushedOnLink] : [dataWaiting];
    for (const urc of signs) this.attached.add(router.on<unknown>(urc, confirm));
  }

  /**
   * A transparent connection did not open as one. What `AT+CIPMODE?` says is no proof: a network
   * that was open keeps the mode that it was opened in.
   */
  notTransparent(): void {
    this.lose(OTHER_MODE);
  }

  /** Whether the network was lost. */
  get isLost(): boolean {
    return this.gone;
  }

  /** Stops watching; completes at once. */
  stop(): Observable<never> {
    this.attached.unsubscribe();
    this.patience.unsubscribe();
    return EMPTY;
  }

  /** The network is open, with these settings: from now on both are confirmed again and again. */
  keep(settings: readonly Wanted[], servers: Servers): void {
    const { watch, links } = this.session;
    const beliefs = [
      watch.believe(() => this.confirm()),
      watch.believe(() => links.confirm()),
      watch.believe(
        () => servers.confirm(),
        0,
        () => servers.size > 0,
      ),
      ...settings.map((setting) => watch.believe(() => setting.confirm(this.session), SETTING_PATIENCE)),
    ];
    for (const belief of beliefs) this.attached.add(belief.dispose);
  }

  private confirm(): Observable<unknown> {
    return runRepeatable(this.session.lane, netOpen.read()).pipe(
      tap((open) => {
        if (!open) this.lose();
      }),
    );
  }

  private registration(urc: unknown, registered: boolean): void {
    this.reporting.add(urc);
    if (registered) this.unregistered.delete(urc);
    else this.unregistered.add(urc);
    const out = this.unregistered.size === this.reporting.size;
    if (!out) this.patience.unsubscribe();
    else if (this.patience.closed) {
      this.patience = this.session.scheduler.schedule(() => this.confirmUnregistered(), this.grace);
    }
  }

  /** The reports speak for the families that have changed; only all of them together are the truth. */
  private confirmUnregistered(): void {
    const { lane } = this.session;
    concat(...[cereg, cgreg, creg].map((family) => lane.run(family.read()).pipe(catchError(() => EMPTY))))
      .pipe(
        filter(({ stat }) => isRegistered(stat)),
        take(1),
        throwIfEmpty(),
      )
      .subscribe({ error: () => this.lose() });
  }

  private lose(why = GONE): void {
    if (this.gone) return;
    const error = new ModemError('NETWORK_LOST', why);
    this.gone = true;
    this.session.links.loseAll(error);
    this.lost.error(error);
  }
}

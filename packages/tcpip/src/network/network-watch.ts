import {
  cereg,
  ceregChanged,
  cgreg,
  cgregChanged,
  creg,
  cregChanged,
  netOpen,
  networkLost,
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
  throwIfEmpty,
} from 'rxjs';
import { ModemError } from '../errors.js';
import { isRegistered } from '../modem/registration.js';
import type { Session } from '../modem/session.js';

/**
 * Finds out that the network is gone: the module says so, or answers a socket command as if
 * it were, or has not been registered for too long.
 */
export class NetworkWatch {
  private readonly session: Session;
  private readonly grace: number;
  private readonly undo: (() => void)[];
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
    this.undo = [
      router.on(networkLost, () => this.lose()),
      ...[cregChanged, cgregChanged, ceregChanged].map((urc) =>
        router.on(urc, ({ stat }) => this.registration(urc, isRegistered(stat))),
      ),
    ];
    links.onNetworkClosed = () => this.check();
  }

  /** Whether the network was lost. */
  get isLost(): boolean {
    return this.gone;
  }

  /** Stops watching; completes at once. */
  stop(): Observable<never> {
    for (const undo of this.undo) undo();
    this.session.links.onNetworkClosed = () => {};
    this.patience.unsubscribe();
    return EMPTY;
  }

  private check(): void {
    const open$ = this.session.lane.run(netOpen.read()).pipe(catchError(() => EMPTY));
    open$.subscribe((open) => {
      if (!open) this.lose();
    });
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

  private lose(): void {
    const error = new ModemError(
      'NETWORK_LOST',
      'The module lost the network, and every connection with it. Check the signal and the ' +
        'subscription, then open the network again.',
    );
    this.gone = true;
    this.session.links.loseAll(error);
    this.lost.error(error);
  }
}

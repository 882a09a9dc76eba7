import { csq, netOpen } from '@a7600/at-codec';
import {
  catchError,
  defaultIfEmpty,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  mergeMap,
  type Observable,
  of,
  Subscription,
  tap,
  timer,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { runRepeatable } from '../lane/repeat.js';
import { signalText } from '../session/not-ready.js';
import { findRegistration } from '../session/registration.js';
import type { Session } from '../session/session.js';

/** Hosts that have to be mute: a single one may be down. */
const HOSTS = 2;
/** Time in ms for which nothing may have passed. */
const MUTE = 60_000;
/** A check that failed is made once more, after that many ms: a datagram may get lost. */
const SECOND_CHECK = 10_000;

/** How a network is checked by sending something; see `NetworkOptions.check`. */
export interface BearerCheck {
  /** Emits when data passes, errors when it does not, completes when that could not be found out. Cold. */
  readonly probe$: Observable<unknown>;
  /** Time in ms without a sign of data after which it is made. */
  readonly every: number;
}

/**
 * Finds out that no data passes although the module is registered and its network open, and calls
 * `onStalled` then, once.
 *
 * Without a check it takes several hosts that do not answer for a minute in which nothing at all was
 * received; with one, two checks that fail.
 */
export class BearerWatch {
  private readonly session: Session;
  private readonly check: BearerCheck | undefined;
  private readonly onStalled: (error: ModemError) => void;
  private readonly attached = new Subscription();
  private asking = Subscription.EMPTY;
  private timer = Subscription.EMPTY;

  constructor(session: Session, check: BearerCheck | undefined, onStalled: (error: ModemError) => void) {
    this.session = session;
    this.check = check;
    this.onStalled = onStalled;
  }

  /** The network is open: from now on data has to pass. */
  start(): void {
    const { bearer, scheduler } = this.session;
    bearer.passed();
    this.attached.add(bearer.suspected$.subscribe(() => this.consider()));
    const { check } = this;
    if (check !== undefined) this.attached.add(scheduler.schedule(() => this.await(check), 0));
  }

  stop(): void {
    this.attached.unsubscribe();
    this.asking.unsubscribe();
    this.timer.unsubscribe();
  }

  private get muteFor(): number {
    return this.session.scheduler.now() - this.session.bearer.lastPassedAt;
  }

  /** Waits until nothing has passed for the time of a check. */
  private await(check: BearerCheck): void {
    const left = check.every - this.muteFor;
    this.later(left > 0 ? left : check.every, () => this.await(check));
    if (left <= 0) this.consider();
  }

  private consider(): void {
    if (!this.asking.closed) return;
    const { check, session } = this;
    if (check !== undefined) {
      this.asking = this.probe(check).subscribe();
      return;
    }
    if (session.bearer.failedHosts < HOSTS) return;
    if (this.muteFor < MUTE) this.later(MUTE - this.muteFor, () => this.consider());
    else this.asking = this.confirm(`${session.bearer.failedHosts} hosts did not answer`).subscribe();
  }

  private later(delay: number, work: () => void): void {
    this.timer.unsubscribe();
    this.timer = this.session.scheduler.schedule(work, delay);
  }

  private probe({ probe$ }: BearerCheck): Observable<unknown> {
    const { scheduler, bearer, line } = this.session;
    /** Emits once if it fails. */
    const failed$ = probe$.pipe(
      tap(() => bearer.passed()),
      ignoreElements(),
      catchError(() => of('failed')),
    );
    return defer(() => {
      const { lastPassedAt } = bearer;
      // A transparent session that carries data would be interrupted, or keep the check waiting.
      if (!line.takesCommands) return EMPTY;
      const second$ = timer(SECOND_CHECK, scheduler).pipe(mergeMap(() => failed$));
      return failed$.pipe(
        mergeMap(() => second$),
        filter(() => bearer.lastPassedAt === lastPassedAt),
        mergeMap(() => this.confirm('a check failed twice')),
      );
    });
  }

  /** Asks what the module says of itself: a network that is closed, or not registered, is another cause. */
  private confirm(evidence: string): Observable<unknown> {
    const { lane, bearer } = this.session;
    const { lastPassedAt } = bearer;
    const known = <T>(value$: Observable<T>) => value$.pipe(catchError(() => EMPTY));
    return known(runRepeatable(lane, netOpen.read())).pipe(
      filter((open) => open),
      mergeMap(() => findRegistration(lane)),
      mergeMap(() => known(lane.run(csq())).pipe(defaultIfEmpty(undefined))),
      filter(() => bearer.lastPassedAt === lastPassedAt),
      tap((signal) => this.onStalled(this.stalled(evidence, signalText(signal?.rssi)))),
    );
  }

  private stalled(evidence: string, signal: string): ModemError {
    return new ModemError(
      'BEARER_STALLED',
      `No data has passed for ${Math.round(this.muteFor / 1_000)} s (${evidence}), although the module says that it is ` +
        `registered (${signal}) and that its network is open. Attach it again (AT+CGATT), which keepOnline does; ask ` +
        'the provider of the SIM if it stays so.',
    );
  }
}

import { csq, netOpen } from '@a7600/at-codec';
import {
  catchError,
  concat,
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
import { isModemError, ModemError } from '../base/errors.js';
import { runRepeatable } from '../lane/repeat.js';
import { signalText } from '../session/not-ready.js';
import { findRegistration } from '../session/registration.js';
import type { Session } from '../session/session.js';
import { NAME_SERVERS } from '../watch/bearer-evidence.js';

/** Hosts that have to be mute: a single one may be down. */
const HOSTS = 2;
/** Time in ms for which nothing may have passed. */
const MUTE = 60_000;
/** A check that failed is made once more, after that many ms: a datagram may get lost. */
const SECOND_CHECK = 10_000;

/** How a network is checked by sending something; see `NetworkOptions.check`. */
export interface BearerCheck {
  /** For messages: `connecting to 1.2.3.4:80`. */
  readonly what: string;
  /** Who has to answer. */
  readonly host: string;
  /** Emits when data passes, errors when it does not, completes when that could not be found out. Cold. */
  readonly probe$: Observable<unknown>;
  /** Asks the name servers, as `probe$` asks the host; undefined where `probe$` does. */
  readonly lookup$?: Observable<unknown>;
  /** Time in ms without a sign of data after which it is made. */
  readonly every: number;
}

/**
 * Finds out that no data passes although the module is registered and its network open, and calls
 * `onStalled` then, once.
 *
 * It takes several hosts that do not answer for a minute in which nothing at all was received. With a check, its host
 * and the name servers are two of them. A check that fails alone proves little: see `BearerHistory`.
 */
export class BearerWatch {
  private readonly session: Session;
  private readonly check: BearerCheck | undefined;
  private readonly onStalled: (error: ModemError) => void;
  private readonly attached = new Subscription();
  private asking = Subscription.EMPTY;
  private timer = Subscription.EMPTY;
  private hasLookedUp = false;

  constructor(session: Session, check: BearerCheck | undefined, onStalled: (error: ModemError) => void) {
    this.session = session;
    this.check = check;
    this.onStalled = onStalled;
  }

  /** The network is open: from now on data has to pass. */
  start(): void {
    const { bearer, scheduler } = this.session;
    bearer.begin();
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
    else this.asking = this.confirm((signal) => this.stalled(this.muteHosts, signal)).subscribe();
  }

  private later(delay: number, work: () => void): void {
    this.timer.unsubscribe();
    this.timer = this.session.scheduler.schedule(work, delay);
  }

  private probe(check: BearerCheck): Observable<unknown> {
    const { scheduler, bearer, line } = this.session;
    /** Emits the error if it fails. */
    const failed$ = check.probe$.pipe(
      mergeMap(() => this.passed(check)),
      ignoreElements(),
      catchError((error: Error) => of(error)),
    );
    return defer(() => {
      const { lastPassedAt } = bearer;
      // A transparent session that carries data would be interrupted, or keep the check waiting.
      if (!line.takesCommands) return EMPTY;
      const second$ = timer(SECOND_CHECK, scheduler).pipe(mergeMap(() => failed$));
      return failed$.pipe(
        mergeMap(() => second$),
        filter(() => bearer.lastPassedAt === lastPassedAt),
        mergeMap((error) => this.failed(check, error)),
      );
    });
  }

  /** Finds out once whether the name servers answer while data passes. */
  private passed(check: BearerCheck): Observable<never> {
    const { bearer } = this.session;
    bearer.passed();
    bearer.history.checkPassed();
    if (this.hasLookedUp || bearer.history.namesAnswered) return EMPTY;
    this.hasLookedUp = true;
    return this.lookUp(check);
  }

  private failed(check: BearerCheck, error: Error): Observable<unknown> {
    const { bearer, scheduler } = this.session;
    const { history, lastPassedAt } = bearer;
    const failedBefore = history.checkFailed();
    bearer.failed(check.host);
    const reason = `${check.what} failed twice: ${words(error)}`;
    return concat(
      this.lookUp(check),
      defer(() => {
        if (bearer.lastPassedAt === lastPassedAt) {
          if (bearer.failedHosts >= HOSTS) {
            return this.confirm((signal) => this.stalled(`${this.muteHosts}; ${reason}`, signal));
          }
          // The name servers are several, and known to answer.
          const isStalled = check.host === NAME_SERVERS && history.namesAnswered;
          if (history.takeEnd(scheduler.now(), check.every)) {
            return this.confirm((signal) =>
              isStalled ? this.stalled(reason, signal) : this.checkFailed(reason, signal),
            );
          }
        }
        if (!failedBefore) this.session.report({ kind: 'check failed', reason, action: 'left alone' });
        return EMPTY;
      }),
    );
  }

  /** Asks the name servers, if the check has not done so. Their silence counts where they have been heard. */
  private lookUp({ lookup$ = EMPTY }: BearerCheck): Observable<never> {
    const { bearer } = this.session;
    const { history } = bearer;
    return lookup$.pipe(
      tap(() => {
        history.namesAnswered = true;
        bearer.passed();
      }),
      ignoreElements(),
      catchError(() => {
        if (history.namesAnswered || !history.hasPassed) bearer.failed(NAME_SERVERS);
        return EMPTY;
      }),
    );
  }

  /** Asks what the module says of itself: a network that is closed, or not registered, is another cause. */
  private confirm(error: (signal: string) => ModemError): Observable<unknown> {
    const { lane, bearer } = this.session;
    const { lastPassedAt } = bearer;
    const known = <T>(value$: Observable<T>) => value$.pipe(catchError(() => EMPTY));
    return known(runRepeatable(lane, netOpen.read())).pipe(
      filter((open) => open),
      mergeMap(() => findRegistration(lane)),
      mergeMap(() => known(lane.run(csq())).pipe(defaultIfEmpty(undefined))),
      filter(() => bearer.lastPassedAt === lastPassedAt),
      tap((signal) => this.onStalled(error(signalText(signal?.rssi)))),
    );
  }

  private get muteHosts(): string {
    return `${this.session.bearer.failedHosts} hosts did not answer`;
  }

  private stalled(evidence: string, signal: string): ModemError {
    return new ModemError(
      'BEARER_STALLED',
      `No data has passed for ${this.muteSeconds} s (${evidence}), although the module says that it is ` +
        `registered (${signal}) and that its network is open. Attach it again (AT+CGATT), which keepOnline does; ask ` +
        'the provider of the SIM if it stays so.',
    );
  }

  private checkFailed(reason: string, signal: string): ModemError {
    return new ModemError(
      'CHECK_FAILED',
      `The check of the network failed (${reason}), and nothing else was received for ${this.muteSeconds} s. Either the ` +
        `network carries nothing, although the module says that it is registered (${signal}) and that its network is ` +
        'open, or what the check asks is down. Look at the host of the `check`; keepOnline opens the network again.',
    );
  }

  private get muteSeconds(): number {
    return Math.round(this.muteFor / 1_000);
  }
}

/** What the module said, or else what happened. */
function words(error: Error): string {
  const answer = isModemError(error) ? error.answer : undefined;
  if (answer !== undefined) return `the module answered "${answer}"`;
  return isModemError(error, 'TIMEOUT') ? 'no answer' : error.message;
}

import { ipAddr, netOpen } from '@a7600/at-codec';
import {
  concat,
  defer,
  EMPTY,
  mergeMap,
  type Observable,
  of,
  Subscription,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { runRepeatable } from '../lane/repeat.js';
import type { Session } from '../session/session.js';

/**
 * Time in ms for the answer whether a report is true that the network is closed. A command that the module swallows as it
 * reports holds the question up until its own deadline.
 */
const ANSWER_TIMEOUT = 10_000;

/** What the module turned out to say. */
export interface OpennessTarget {
  /** The network is closed. */
  closed(): void;
  /** It is another one than was opened. */
  changed(why: string): void;
}

/** Asks the module whether the network is open, and the one that was opened. */
export class NetworkOpenness {
  private readonly session: Pick<Session, 'lane' | 'links' | 'scheduler'>;
  private readonly target: OpennessTarget;
  /** Undefined until the network is open. */
  private address: string | undefined;
  private asking = Subscription.EMPTY;

  constructor(session: Pick<Session, 'lane' | 'links' | 'scheduler'>, target: OpennessTarget) {
    this.session = session;
    this.target = target;
  }

  /** The network is open, with that address. */
  opened(address: string): void {
    this.address = address;
  }

  stop(): void {
    this.asking.unsubscribe();
  }

  /** A single answer may be damaged, or another command's: the module has to say twice that the network is closed. */
  confirm(): Observable<unknown> {
    const isOpen$ = runRepeatable(this.session.lane, netOpen.read());
    return isOpen$.pipe(
      mergeMap((open) => (open ? of(open) : isOpen$)),
      tap((open) => {
        if (!open) this.target.closed();
      }),
    );
  }

  /** The module has said which address the network has. A single answer may be damaged: it has to say it twice. */
  compareAddress(now: string): Observable<unknown> {
    const { address = now } = this;
    if (now === address) return EMPTY;
    return runRepeatable(this.session.lane, ipAddr()).pipe(
      tap((again) => {
        if (again === now) this.target.changed(otherAddress(address, now));
      }),
    );
  }

  /**
   * The module reports that the network is closed. It is asked first: the report may be an old one that comes again, or
   * payload whose header was lost. Firmware may go on to say that the network is open: its address, and the links
   * in use, tell then. A report about which the module cannot be asked is believed.
   */
  reportedClosed(): void {
    if (!this.asking.closed) return;
    const { scheduler } = this.session;
    // What is being opened may follow the one that was closed.
    const first$ = this.address === undefined ? timer(ANSWER_TIMEOUT, scheduler) : EMPTY;
    this.asking = concat(
      first$,
      defer(() => this.confirmAll()),
    ).subscribe({ error: () => this.target.closed() });
  }

  private confirmAll(): Observable<unknown> {
    const { scheduler, lane, links } = this.session;
    if (this.address === undefined) return throwError(() => new Error('The network did not open.'));
    const address$ = runRepeatable(lane, ipAddr()).pipe(mergeMap((now) => this.compareAddress(now)));
    return concat(this.confirm(), address$, links.confirm()).pipe(
      timeout({ each: ANSWER_TIMEOUT, scheduler }),
    );
  }
}

function otherAddress(before: string, now: string): string {
  return (
    `The network has another address than when it was opened (${now} instead of ${before}): it was closed and opened ` +
    'again by another program, or by the module itself, and the connections of before are gone. Open the network again.'
  );
}

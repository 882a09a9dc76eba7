import { cipClose, isAtError, type LinkState } from '@a7600/at-codec';
import {
  catchError,
  EMPTY,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  retry,
  type SchedulerLike,
  Subject,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { isUnanswered, saysLinkClosed } from '../base/refusals.js';
import type { Lane } from '../lane/lane.js';

/** Time in ms after which a link that could not be closed is closed again, and how often. */
const CLOSE_RETRY = 5_000;
const CLOSE_RETRIES = 12;

/** Closes links on the module, and knows those that stay open: their numbers must not be used. */
export class LinkCloser {
  private readonly lane: Pick<Lane, 'run'>;
  private readonly later$: Observable<unknown>;
  /** Those that the module does not close, and those that are another program's. */
  private readonly open = new Map<number, 'stuck' | 'not ours'>();
  private readonly refusing = new Subject<number>();

  /** Links that the module refused to close again and again. Hot, no replay. */
  readonly stuck$ = this.refusing.asObservable();

  constructor(lane: Pick<Lane, 'run'>, scheduler: SchedulerLike) {
    this.lane = lane;
    this.later$ = timer(CLOSE_RETRY, scheduler);
  }

  /** Whether the module does not close that link. */
  isStuck(link: number): boolean {
    return this.open.get(link) === 'stuck';
  }

  /** Whether the number can be used, as far as is known. */
  isUsable(link: number): boolean {
    return !this.open.has(link);
  }

  /** Another program has the link, and keeps it. */
  leave(link: number): void {
    this.open.set(link, 'not ours');
  }

  /** The module has given the link to another connection. */
  forget(link: number): void {
    this.open.delete(link);
  }

  /** All links are gone. */
  clear(): void {
    this.open.clear();
  }

  /**
   * Closes a link on the module. One that is closed already counts as closed. Completes when it is
   * closed; or, early, when the session ends, when `isOthers$` emits, and when the module has refused for a minute.
   * The number of such a link is not used again before the module says that it is closed. Never errors.
   */
  close(link: number, isOthers$: Observable<unknown>): Observable<never> {
    return this.lane.run(cipClose({ link })).pipe(
      ignoreElements(),
      catchError((error: unknown) => this.closedAlready(link, error)),
      retry({
        count: CLOSE_RETRIES,
        delay: (error) => (mayCloseLater(error) ? this.later$ : throwError(() => error)),
      }),
      catchError((error: unknown) => {
        if (mayCloseLater(error)) this.giveUp(link);
        return EMPTY;
      }),
      takeUntil(isOthers$),
    );
  }

  /** Takes note of what the module lists: a link that could not be closed is closed once more, if it is there still. */
  closeAgain(listed: readonly LinkState[]): void {
    for (const [link, why] of this.open) {
      if (!listed.some((state) => state.link === link)) this.open.delete(link);
      else if (why === 'stuck') this.lane.run(cipClose({ link })).subscribe({ error: () => {} });
    }
  }

  /** The numbers of all links that the module has open. Cold. */
  listOpen(): Observable<readonly number[]> {
    return this.lane
      .run(cipClose.read())
      .pipe(map((states) => states.flatMap((open, link) => (open ? [link] : []))));
  }

  private giveUp(link: number): void {
    this.open.set(link, 'stuck');
    this.refusing.next(link);
  }

  /** Whether the link is closed although the module refused to close it; one that gives no reason is asked. */
  private closedAlready(link: number, error: unknown): Observable<never> {
    if (saysLinkClosed(error)) return EMPTY;
    if (!isAtError(error, 'REFUSED')) return throwError(() => error);
    return this.lane
      .run(cipClose.read())
      .pipe(mergeMap((states) => (states[link] === false ? EMPTY : throwError(() => error))));
  }
}

/** Whether a link that could not be closed may be closed later: the module still answers, or may do so again. */
function mayCloseLater(error: unknown): boolean {
  return isAtError(error) || isUnanswered(error);
}

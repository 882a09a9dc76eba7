import { cipClose, dataWaiting, isAtError, LAST_LINK, linkClosed } from '@a7600/at-codec';
import {
  catchError,
  EMPTY,
  ignoreElements,
  mergeMap,
  type Observable,
  retry,
  type SchedulerLike,
  throwError,
  timer,
} from 'rxjs';
import { isModemError, ModemError } from './errors.js';
import type { Lane } from './lane.js';
import type { Router } from './router.js';

/** Who is told what happens on a link. */
export interface LinkOwner {
  /** The module holds data for the link. */
  dataWaiting(): void;
  /** The module closed the link; see `LinkClosed.reason`. */
  closedByModule(reason: number): void;
  /** The link is gone together with the network or the session. */
  lost(error: Error): void;
  /** A notification may have been lost: looks after data if anybody wants some. */
  poll(): void;
}

/** Time in ms after which a link that could not be closed is closed again. */
const CLOSE_RETRY = 5_000;

/** The ten links of the module and who uses them. */
export class LinkTable {
  private readonly owners = new Map<number, LinkOwner>();
  private readonly lane: Lane;
  private readonly later$: Observable<unknown>;

  constructor(lane: Lane, router: Router, scheduler: SchedulerLike) {
    this.lane = lane;
    this.later$ = timer(CLOSE_RETRY, scheduler);
    router.on(dataWaiting, ({ link }) => this.owners.get(link)?.dataWaiting());
    router.on(linkClosed, ({ link, reason }) => this.owners.get(link)?.closedByModule(reason));
  }

  /** Whether `owner` has the link. */
  has(link: number, owner: LinkOwner): boolean {
    return this.owners.get(link) === owner;
  }

  /**
   * Makes an owner for the highest free link. The module hands out the lowest one when it accepts
   * a connection, so the two rarely meet. Throws `CAPACITY` when all are in use.
   */
  claim<T extends LinkOwner>(make: (link: number) => T): T {
    for (let link = LAST_LINK; link >= 0; link--) {
      if (this.owners.has(link)) continue;
      const owner = make(link);
      this.owners.set(link, owner);
      return owner;
    }
    throw new ModemError(
      'CAPACITY',
      `All ${LAST_LINK + 1} links of the module are in use. Close a socket before opening another one.`,
    );
  }

  /** Gives `owner` a link that the module has chosen; whoever had it before has lost it. */
  accept(link: number, owner: LinkOwner): void {
    const previous = this.owners.get(link);
    this.owners.set(link, owner);
    previous?.lost(
      new ModemError('LINK_CLOSED', `The module gave link ${link} to a new connection.`, { link }),
    );
  }

  /** Takes a link back that is closed on the module. */
  free(link: number, owner: LinkOwner): void {
    if (this.has(link, owner)) this.owners.delete(link);
  }

  /** Tells every owner that its link is gone. */
  loseAll(error: Error): void {
    const owners = [...this.owners.values()];
    this.owners.clear();
    for (const owner of owners) owner.lost(error);
  }

  pollAll(): void {
    for (const owner of this.owners.values()) owner.poll();
  }

  /**
   * Closes a link on the module, and does not stop trying: until it is certain that the link is
   * closed, its number must not be used again. One that is closed already counts as closed.
   * Never errors; completes early when the session ends.
   */
  close(link: number): Observable<never> {
    return this.lane.run(cipClose({ link })).pipe(
      ignoreElements(),
      catchError(closedAlready),
      retry({
        delay: (error) => (isAtError(error) || isTimeout(error) ? this.later$ : throwError(() => error)),
      }),
      catchError(() => EMPTY),
    );
  }

  /** Closes every link that the module has open, whoever opened it. */
  closeStale(): Observable<never> {
    return this.lane.run(cipClose.read()).pipe(
      mergeMap((states) => states.flatMap((open, link) => (open ? [link] : []))),
      mergeMap((link) => this.close(link)),
    );
  }
}

function closedAlready(error: unknown): Observable<never> {
  const closed = isAtError(error, 'SOCKET_ERROR') && (error.number === 4 || error.number === 2);
  return closed ? EMPTY : throwError(() => error);
}

function isTimeout(error: unknown): boolean {
  return isModemError(error, 'TIMEOUT');
}

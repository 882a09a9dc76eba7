import { cipClose, dataWaiting, isAtError, LAST_LINK, linkClosed } from '@a7600/at-codec';
import {
  BehaviorSubject,
  catchError,
  EMPTY,
  filter,
  ignoreElements,
  mergeMap,
  type Observable,
  retry,
  type SchedulerLike,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { isModemError, ModemError, saysNetworkClosed } from '../errors.js';
import type { Lane } from '../lane/lane.js';
import type { Router } from '../router.js';
import type { LinkInfo, LinkOwner } from './link-owner.js';

/** Time in ms after which a link that could not be closed is closed again. */
const CLOSE_RETRY = 5_000;
/** Reason of `+IPCLOSE` for a peer that has closed. */
const REMOTE = 1;

/** The ten links of the module and who uses them. */
export class LinkTable {
  /** Told when the module says that the network is closed although it should be open. */
  onNetworkClosed: () => void = () => {};
  private readonly owners = new Map<number, LinkOwner>();
  private readonly infos = new BehaviorSubject<readonly LinkInfo[]>([]);
  private readonly lane: Lane;
  private readonly later$: Observable<unknown>;

  /** The links in use, by number. Replays; emits whenever something has changed. */
  readonly links$ = this.infos.asObservable();

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

  get(link: number): LinkOwner | undefined {
    return this.owners.get(link);
  }

  /** Everybody who has a link. */
  all(): LinkOwner[] {
    return [...this.owners.values()];
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
      this.changed();
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
    this.changed();
    if (previous === undefined) return;
    previous.replacedBy(owner);
    // A command to close it may have been on its way, and have met the new connection.
    this.pollAll();
  }

  /** A command about a link failed: the reason may be that the network is closed. */
  refused(error: unknown): void {
    if (saysNetworkClosed(error)) this.onNetworkClosed();
  }

  /** Takes a link back that is closed on the module. */
  free(link: number, owner: LinkOwner): void {
    if (!this.has(link, owner)) return;
    this.owners.delete(link);
    this.changed();
  }

  /** Tells every owner that its link is gone. */
  loseAll(error: Error): void {
    const owners = this.all();
    this.owners.clear();
    this.lane.abandonOutcomes(error);
    for (const owner of owners) owner.lost(error);
    this.changed();
  }

  /**
   * Makes up for notifications that were lost: asks which links are open, and lets their owners
   * look for data.
   */
  pollAll(): void {
    const open = this.all().filter(({ info }) => info.state === 'open' && info.kind !== 'transparent');
    if (open.length === 0) return;
    const states$ = this.lane.run(cipClose.read()).pipe(catchError(() => EMPTY));
    states$.subscribe((states) => {
      for (const owner of open) {
        if (!this.has(owner.info.link, owner)) continue;
        if (states[owner.info.link] === false) owner.closedByModule(REMOTE);
        else owner.poll();
      }
    });
  }

  /**
   * Closes a link on the module, and does not stop trying: until it is certain that the link is
   * closed, its number must not be used again. One that is closed already counts as closed.
   * Never errors; completes early when the session ends, and when the link is somebody else's.
   */
  close(link: number): Observable<never> {
    const owner = this.owners.get(link);
    const isOthers$ = this.infos.pipe(filter(() => this.owners.get(link) !== owner));
    return this.lane.run(cipClose({ link })).pipe(
      ignoreElements(),
      catchError(closedAlready),
      retry({
        delay: (error) => (isAtError(error) || isTimeout(error) ? this.later$ : throwError(() => error)),
      }),
      catchError(() => EMPTY),
      takeUntil(isOthers$),
    );
  }

  /** Closes every link that the module has open, whoever opened it. */
  closeStale(): Observable<never> {
    return this.lane.run(cipClose.read()).pipe(
      mergeMap((states) => states.flatMap((open, link) => (open ? [link] : []))),
      mergeMap((link) => this.close(link)),
    );
  }

  /** What an owner tells of itself has changed. */
  changed(): void {
    const infos = this.all().map(({ info }) => info);
    this.infos.next(infos.sort((a, b) => a.link - b.link));
  }
}

function closedAlready(error: unknown): Observable<never> {
  const closed = isAtError(error, 'SOCKET_ERROR') && (error.number === 4 || error.number === 2);
  return closed ? EMPTY : throwError(() => error);
}

function isTimeout(error: unknown): boolean {
  return isModemError(error, 'TIMEOUT');
}

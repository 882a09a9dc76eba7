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
import { isModemError, ModemError, saysNetworkClosed } from '../base/errors.js';
import type { Lane } from '../lane/lane.js';
import type { Router } from '../lane/router.js';
import type { LinkHandler, LinkInfo } from './link-handler.js';

/** Time in ms after which a link that could not be closed is closed again. */
const CLOSE_RETRY = 5_000;
/** Reason of `+IPCLOSE` for a peer that has closed. */
const REMOTE = 1;

/** The ten links of the module and who uses them. */
export class LinkTable {
  /** Told when the module says that the network is closed although it should be open. */
  onNetworkClosed: () => void = () => {};
  private readonly handlers = new Map<number, LinkHandler>();
  private readonly infos = new BehaviorSubject<readonly LinkInfo[]>([]);
  private readonly lane: Lane;
  private readonly later$: Observable<unknown>;

  /** The links in use, by number. Replays; emits whenever something has changed. */
  readonly links$ = this.infos.asObservable();

  constructor(lane: Lane, router: Router, scheduler: SchedulerLike) {
    this.lane = lane;
    this.later$ = timer(CLOSE_RETRY, scheduler);
    router.on(dataWaiting, ({ link }) => this.handlers.get(link)?.dataWaiting());
    router.on(linkClosed, ({ link, reason }) => this.handlers.get(link)?.closedByModule(reason));
  }

  /** Whether `handler` has the link. */
  has(link: number, handler: LinkHandler): boolean {
    return this.handlers.get(link) === handler;
  }

  get(link: number): LinkHandler | undefined {
    return this.handlers.get(link);
  }

  /** Everybody who has a link. */
  all(): LinkHandler[] {
    return [...this.handlers.values()];
  }

  /**
   * Makes an handler for the highest free link. The module hands out the lowest one when it accepts
   * a connection, so the two rarely meet. Throws `CAPACITY` when all are in use.
   */
  claim<T extends LinkHandler>(make: (link: number) => T): T {
    for (let link = LAST_LINK; link >= 0; link--) {
      if (this.handlers.has(link)) continue;
      const handler = make(link);
      this.handlers.set(link, handler);
      this.changed();
      return handler;
    }
    throw new ModemError(
      'CAPACITY',
      `All ${LAST_LINK + 1} links of the module are in use. Close a socket before opening another one.`,
    );
  }

  /** Gives `handler` a link that the module has chosen; whoever had it before has lost it. */
  accept(link: number, handler: LinkHandler): void {
    const previous = this.handlers.get(link);
    this.handlers.set(link, handler);
    this.changed();
    if (previous === undefined) return;
    previous.replacedBy(handler);
    // A command to close it may have been on its way, and have met the new connection.
    this.pollAll();
  }

  /** A command about a link failed: the reason may be that the network is closed. */
  refused(error: unknown): void {
    if (saysNetworkClosed(error)) this.onNetworkClosed();
  }

  /** Takes a link back that is closed on the module. */
  free(link: number, handler: LinkHandler): void {
    if (!this.has(link, handler)) return;
    this.handlers.delete(link);
    this.changed();
  }

  /** Tells every handler that its link is gone. */
  loseAll(error: Error): void {
    const handlers = this.all();
    this.handlers.clear();
    this.lane.abandonOutcomes(error);
    for (const handler of handlers) handler.lost(error);
    this.changed();
  }

  /**
   * Makes up for notifications that were lost: asks which links are open, and lets their handlers
   * look for data.
   */
  pollAll(): void {
    const open = this.all().filter(({ info }) => info.state === 'open' && info.kind !== 'transparent');
    if (open.length === 0) return;
    const states$ = this.lane.run(cipClose.read()).pipe(catchError(() => EMPTY));
    states$.subscribe((states) => {
      for (const handler of open) {
        if (!this.has(handler.info.link, handler)) continue;
        if (states[handler.info.link] === false) handler.closedByModule(REMOTE);
        else handler.poll();
      }
    });
  }

  /**
   * Closes a link on the module, and does not stop trying: until it is certain that the link is
   * closed, its number must not be used again. One that is closed already counts as closed.
   * Never errors; completes early when the session ends, and when the link is somebody else's.
   */
  close(link: number): Observable<never> {
    const handler = this.handlers.get(link);
    const isOthers$ = this.infos.pipe(filter(() => this.handlers.get(link) !== handler));
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

  /** What an handler tells of itself has changed. */
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

/**
 * The ten links of the module: which are in use, who handles each, and where received payload goes.
 *
 * @module
 */

import {
  cipClose,
  cipOpen,
  dataWaiting,
  isAtError,
  LAST_LINK,
  type LinkClosed,
  type LinkState,
  linkClosed,
} from '@a7600/at-codec';
import {
  BehaviorSubject,
  catchError,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  mergeMap,
  type Observable,
  of,
  retry,
  type SchedulerLike,
  Subject,
  takeUntil,
  takeWhile,
  throwError,
  timer,
} from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { ModemError } from '../base/errors.js';
import { isUnanswered, saysLinkClosed, saysNetworkClosed, saysNoConnection } from '../base/refusals.js';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';
import type { Router } from '../lane/router.js';
import { type Endpoint, type LinkHandler, type LinkInfo, sameEndpoint } from './link-handler.js';
import { type Judgement, ListedLinks } from './listed-links.js';

/** Time in ms after which a link that could not be closed is closed again, and how often. */
const CLOSE_RETRY = 5_000;
const CLOSE_RETRIES = 12;

/** The ten links of the module and who uses them. */
export class LinkTable {
  private readonly handlers = new Map<number, LinkHandler>();
  private readonly networkClosed = new Subject<void>();
  private readonly doubted = new Subject<void>();
  private readonly leaving = new WeakSet<LinkHandler>();
  /** Links that the module does not close: their numbers must not be used. */
  private readonly stuck = new Set<number>();
  /** Links whose data was pushed when no handler had them: it is lost to the one that comes later. */
  private readonly missed = new Set<number>();
  /** The same by the sender's address, where the header of the data has no link number; until the module was asked. */
  private missedFrom: Endpoint[] = [];
  private readonly listed = new ListedLinks();
  /** Ends that were reported, perhaps by a peer, and their reasons. */
  private readonly reported = new WeakMap<LinkHandler, number>();
  /** The sender of a pushed block whose header has not come. */
  announced: Endpoint | undefined;
  private readonly refusing = new Subject<number>();
  private readonly takers = new Set<(state: LinkState) => boolean>();
  private readonly unknown = new Subject<LinkState>();
  private readonly gone = new Subject<number>();
  private readonly infos = new BehaviorSubject<readonly LinkInfo[]>([]);
  private readonly lane: Lane;
  private readonly later$: Observable<unknown>;

  /** The links in use, by number. Replays; emits whenever something has changed. */
  readonly links$ = this.infos.asObservable();
  /** Emits when the module says that the network is closed, which may be news. Hot, no replay. */
  readonly networkClosed$ = this.networkClosed.asObservable();
  /** Emits when something does not fit the table: the module is to be asked for its own. Hot, no replay. */
  readonly doubted$ = this.doubted.asObservable();
  /** Links that the module turned out to have open, and that no handler of `onUnknown` took. Hot, no replay. */
  readonly unknown$ = this.unknown.asObservable();
  /** Links that the module refused to close again and again. Hot, no replay. */
  readonly stuck$ = this.refusing.asObservable();
  /** The links that were open here, and turned out not to be on the module. Hot, no replay. */
  readonly gone$ = this.gone.asObservable();

  constructor(lane: Lane, router: Router, scheduler: SchedulerLike) {
    this.lane = lane;
    this.later$ = timer(CLOSE_RETRY, scheduler);
    router.on(dataWaiting, ({ link }) => {
      const handler = this.handlers.get(link);
      if (handler === undefined) this.doubted.next();
      else handler.dataWaiting?.();
    });
    router.on(linkClosed, (closed) => this.closed(closed));
  }

  private closed({ link, reason }: LinkClosed): void {
    const handler = this.handlers.get(link);
    if (handler !== undefined) this.reported.set(handler, reason);
    if (this.mayBePayload) {
      this.confirm().subscribe({ error: () => {} });
      return;
    }
    this.missed.delete(link);
    handler?.closedByModule(reason);
  }

  /**
   * Whether what is printed now may be payload whose header the line has lost: a block was asked for, or the module
   * has told its sender. Then the module is asked before a report is believed.
   */
  get mayBePayload(): boolean {
    return this.announced !== undefined || this.lane.awaitsBlock;
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
   * a connection, so the two rarely meet. Links below `first` are reserved. Throws `CAPACITY` when all are in use.
   */
  claim<T extends LinkHandler>(make: (link: number) => T, first = 0): T {
    for (let link = LAST_LINK; link >= first; link--) {
      if (this.handlers.has(link) || this.stuck.has(link)) continue;
      const handler = make(link);
      this.handlers.set(link, handler);
      this.changed();
      return handler;
    }
    throw new ModemError(
      'CAPACITY',
      `All ${LAST_LINK + 1 - first} links of the module are in use. Close a socket before opening another one.`,
    );
  }

  /** Whether more than a transparent connection may use links: other handlers, or servers. */
  get isShared(): boolean {
    return this.takers.size > 0 || this.all().some(({ info }) => info.kind !== 'transparent');
  }

  /** The module has pushed data of a link that no handler has: the report that it was accepted is lost. */
  missedData(link: number): void {
    this.missed.add(link);
    this.doubted.next();
  }

  /** The same, where only the sender is known. */
  missedDataFrom(sender: Endpoint): void {
    if (this.missedFrom.some((other) => sameEndpoint(other, sender))) return;
    this.missedFrom.push(sender);
    this.doubted.next();
  }

  /** Waits while all links are in use and one is being closed. Cold; completes at once if that is not so. */
  whenFree(): Observable<never> {
    const waiting = () =>
      this.handlers.size > LAST_LINK &&
      this.all().some((handler) => handler.info.state === 'closing' || this.leaving.has(handler));
    return this.infos.pipe(takeWhile(waiting), ignoreElements());
  }

  /** The handler is about to close its link. */
  leaves(handler: LinkHandler): void {
    this.leaving.add(handler);
  }

  /** Gives `handler` a link that the module has chosen; the handler that had it before has lost it. */
  accept(link: number, handler: LinkHandler): void {
    const previous = this.handlers.get(link);
    this.stuck.delete(link);
    this.missed.delete(link);
    this.handlers.set(link, handler);
    this.changed();
    if (previous === undefined) return;
    previous.replacedBy(handler);
    // A command to close it may have been on its way, and have met the new connection.
    this.confirm().subscribe({ error: () => {} });
  }

  /** A command about a link failed: the reason may be that the network is closed, or that there is no such link. */
  refused(error: unknown): void {
    if (saysNetworkClosed(error)) this.networkClosed.next();
    else if (saysNoConnection(error)) this.doubted.next();
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
    this.stuck.clear();
    this.missed.clear();
    this.missedFrom = [];
    this.announced = undefined;
    this.lane.abandonOutcomes(error);
    for (const handler of handlers) handler.lost(error);
    this.changed();
  }

  /**
   * Compares this table with the module's, which is the truth. Cold. A link that was open here before
   * the question and is not open there has ended, and so has one whose number another connection has; one that was
   * unknown here before the question and after it goes to the handlers of `onUnknown`, or to `unknown$`.
   */
  confirm(): Observable<unknown> {
    return defer(() => {
      const before = new Map(this.handlers);
      const open = this.all().filter(({ info }) => info.state === 'open' && info.kind !== 'transparent');
      return runRepeatable(this.lane, cipOpen.read()).pipe(
        mergeMap((states): Observable<unknown> => {
          const judged = open.map((handler) => this.compare(handler, states));
          this.closeStuck(states);
          for (const state of states) {
            const handler = before.get(state.link);
            const isReplaced = handler !== undefined && judged[open.indexOf(handler)] === 'other';
            const isKnown = this.handlers.has(state.link) || (handler !== undefined && !isReplaced);
            if (!isKnown && !this.stuck.has(state.link)) this.find(state);
          }
          this.missedFrom = [];
          return judged.includes('in doubt') ? this.confirm() : of(states);
        }),
      );
    });
  }

  /** Calls `take` with each link that the module turned out to have open; it says whether the link is its own. */
  onUnknown(take: (state: LinkState) => boolean): Disposer {
    this.takers.add(take);
    return () => this.takers.delete(take);
  }

  private find(state: LinkState): void {
    const isPartial = this.missedFrom.some((sender) => sameEndpoint(sender, state));
    const isWhole = !this.missed.delete(state.link) && !isPartial;
    if (!(isWhole && [...this.takers].some((take) => take(state)))) this.unknown.next(state);
  }

  /** Ends a link whose connection is gone from the module, or whose number another one has. */
  private compare(handler: LinkHandler, states: readonly LinkState[]): Judgement {
    const { link } = handler.info;
    if (!this.has(link, handler)) return 'own';
    const listed = states.find((state) => state.link === link);
    // It stays reported where it is listed still: its line may have been printed before the report.
    const reason = this.reported.get(handler);
    if (listed === undefined && reason !== undefined) {
      handler.closedByModule(reason);
      return 'gone';
    }
    const judged = this.listed.judge(handler, states);
    if (judged !== 'gone' && judged !== 'other') return judged;
    // What the other connection has received before may have gone to this one.
    if (judged === 'other') this.missed.add(link);
    this.gone.next(link);
    const why =
      listed === undefined
        ? `The module does not list link ${link} any more, and its end was not heard: what was not read is lost.`
        : `The module lists another connection under link ${link} (${listed.type} with ${listed.host}:${listed.port}): ` +
          'ours has ended unheard, and another program or a client got its number.';
    const error = new ModemError('LINK_CLOSED', why, { link });
    if (handler.unlisted === undefined) handler.lost(error);
    else handler.unlisted(error);
    this.free(link, handler);
    return judged;
  }

  /**
   * Closes a link on the module. One that is closed already counts as closed. Completes when it is
   * closed; or, early, when the session ends, when the link has another handler, and when the module has
   * refused for a minute. The number of such a link is not used again before the module says that it is
   * closed. Never errors.
   */
  close(link: number): Observable<never> {
    const handler = this.handlers.get(link);
    const isOthers$ = this.infos.pipe(filter(() => this.handlers.get(link) !== handler));
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

  private giveUp(link: number): void {
    this.stuck.add(link);
    this.refusing.next(link);
  }

  /** Links that could not be closed: the module says whether they are now; otherwise it is asked once more. */
  private closeStuck(states: readonly LinkState[]): void {
    for (const link of this.stuck) {
      if (states.some((state) => state.link === link))
        this.lane.run(cipClose({ link })).subscribe({ error: () => {} });
      else this.stuck.delete(link);
    }
  }

  /** Whether the link is closed although the module refused to close it; one that gives no reason is asked. */
  private closedAlready(link: number, error: unknown): Observable<never> {
    if (saysLinkClosed(error)) return EMPTY;
    if (!isAtError(error, 'REFUSED')) return throwError(() => error);
    return this.lane
      .run(cipClose.read())
      .pipe(mergeMap((states) => (states[link] === false ? EMPTY : throwError(() => error))));
  }

  /** Closes every link that the module has open, also those that another program opened. */
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

/** Whether a link that could not be closed may be closed later: the module still answers, or may do so again. */
function mayCloseLater(error: unknown): boolean {
  return isAtError(error) || isUnanswered(error);
}

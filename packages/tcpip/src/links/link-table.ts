/**
 * The ten links of the module: which are in use, who handles each, and where received payload goes.
 *
 * @module
 */

import { dataWaiting, LAST_LINK, type LinkState, linkClosed } from '@a7600/at-codec';
import {
  BehaviorSubject,
  filter,
  ignoreElements,
  mergeMap,
  type Observable,
  type SchedulerLike,
  Subject,
  takeWhile,
} from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { ModemError } from '../base/errors.js';
import { saysNetworkClosed, saysNoConnection } from '../base/refusals.js';
import type { Lane } from '../lane/lane.js';
import type { Router } from '../lane/router.js';
import { LinkCloser } from './link-closer.js';
import { LinkDoubts } from './link-doubts.js';
import type { Endpoint, LinkHandler, LinkInfo } from './link-handler.js';
import { TableComparison } from './table-comparison.js';
import { type Unclaimed, UnclaimedBlocks } from './unclaimed-blocks.js';

/** The ten links of the module and who uses them. */
export class LinkTable {
  private readonly handlers = new Map<number, LinkHandler>();
  private readonly networkClosed = new Subject<void>();
  private readonly doubted = new Subject<void>();
  private readonly leaving = new WeakSet<LinkHandler>();
  private readonly infos = new BehaviorSubject<readonly LinkInfo[]>([]);
  private readonly lane: Lane;
  private readonly closer: LinkCloser;
  private readonly comparison: TableComparison;
  /** Blocks for connections that nothing here has yet. */
  readonly unclaimed: UnclaimedBlocks;
  /** What the module has reported of links, and has to be asked about. */
  readonly doubts: LinkDoubts;

  /** The links in use, by number. Replays; emits whenever something has changed. */
  readonly links$ = this.infos.asObservable();
  /** Emits when the module says that the network is closed, which may be news. Hot, no replay. */
  readonly networkClosed$ = this.networkClosed.asObservable();
  /** Emits when something does not fit the table: the module is to be asked for its own. Hot, no replay. */
  readonly doubted$ = this.doubted.asObservable();
  /** Links that the module turned out to have open, and that no handler of `onUnknown` took. Hot, no replay. */
  readonly unknown$: Observable<LinkState>;
  /** Links that the module refused to close again and again. Hot, no replay. */
  readonly stuck$: Observable<number>;
  /** The links that were open here, and turned out not to be on the module. Hot, no replay. */
  readonly gone$: Observable<number>;

  constructor(lane: Lane, router: Router, scheduler: SchedulerLike) {
    this.lane = lane;
    this.closer = new LinkCloser(lane, scheduler);
    this.unclaimed = new UnclaimedBlocks(scheduler);
    const { handlers, closer, unclaimed } = this;
    this.doubts = new LinkDoubts({
      ...{ handlers, scheduler, unclaimed },
      awaitsBlock: () => lane.awaitsBlock,
      confirm: () => this.confirm(),
      onDoubt: () => this.doubted.next(),
    });
    const { doubts } = this;
    this.comparison = new TableComparison({
      ...{ lane, handlers, doubts, closer, unclaimed },
      free: (link, handler) => this.free(link, handler),
    });
    this.unknown$ = this.comparison.unknown$;
    this.stuck$ = closer.stuck$;
    this.gone$ = this.comparison.gone$;
    router.on(dataWaiting, ({ link }) => {
      const handler = handlers.get(link);
      if (handler === undefined) this.doubted.next();
      else handler.dataWaiting?.();
    });
    router.on(linkClosed, (closed) => this.doubts.closed(closed));
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
      if (this.handlers.has(link) || !this.closer.isUsable(link)) continue;
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
    return this.comparison.hasTakers || this.all().some(({ info }) => info.kind !== 'transparent');
  }

  /** What is held of a connection that nothing here has: the report that it was accepted is lost, or comes late. */
  hold(link: number | undefined, from: Endpoint | undefined): Unclaimed {
    const { held, isNew } = this.unclaimed.of(link, from);
    if (isNew) this.doubted.next();
    return held;
  }

  /** Waits while all links are in use and one is being closed. Cold; completes at once if that is not so. */
  whenFree(): Observable<never> {
    const waiting = () =>
      this.handlers.size > LAST_LINK &&
      this.all().some((handler) => handler.info.state === 'closing' || this.leaving.has(handler));
    return this.links$.pipe(takeWhile(waiting), ignoreElements());
  }

  /** Another program has that number, and keeps it: it is not used before the module says that it is free. */
  leave(link: number): void {
    this.closer.leave(link);
  }

  /** The handler is about to close its link. */
  leaves(handler: LinkHandler): void {
    this.leaving.add(handler);
  }

  /** Gives `handler` a link that the module has chosen; the handler that had it before has lost it. */
  accept(link: number, handler: LinkHandler): void {
    const previous = this.handlers.get(link);
    this.closer.forget(link);
    // What was reported of it is true, as the number is another's now.
    if (previous !== undefined) this.doubts.conclude(previous);
    this.handlers.set(link, handler);
    this.changed();
    if (previous !== undefined) {
      this.doubts.left(previous);
      previous.replacedBy(handler);
      // A command to close it may have been on its way, and have met the new connection.
      this.doubts.ask();
    }
  }

  /** Gives `handler` what came for its link before it had it. */
  handOver(handler: LinkHandler): void {
    const { link, remote } = handler.info;
    for (const held of remote === undefined ? [] : this.unclaimed.take({ link, ...remote })) {
      held.owner = handler;
      for (const { bytes, remaining } of held.chunks) handler.pushed?.(bytes, remaining, held.from);
      if (!held.isWhole) handler.framingLost?.();
    }
  }

  /** A command about a link failed: the reason may be that the network is closed, or that there is no such link. */
  refused(error: unknown): void {
    if (saysNetworkClosed(error)) this.networkClosed.next();
    else if (saysNoConnection(error)) this.doubted.next();
  }

  /** Takes a link back that is closed on the module. */
  free(link: number, handler: LinkHandler): void {
    if (!this.has(link, handler)) return;
    this.doubts.left(handler);
    this.handlers.delete(link);
    this.changed();
  }

  /** The link of `handler` has ended unheard, or its number means another connection. */
  lose(handler: LinkHandler, error: Error): void {
    if (this.has(handler.info.link, handler)) this.comparison.lose(handler, error);
  }

  /** Tells every handler that its link is gone. */
  loseAll(error: Error): void {
    const handlers = this.all();
    this.handlers.clear();
    for (const each of [this.closer, this.doubts, this.unclaimed]) each.clear();
    this.lane.abandonOutcomes(error);
    for (const handler of handlers) handler.lost(error);
    this.changed();
  }

  /** Compares this table with the module's; see {@link TableComparison.confirm}. */
  confirm(): Observable<unknown> {
    return this.comparison.confirm();
  }

  /** Calls `take` with each link that the module turned out to have open; it says whether the link is its own. */
  onUnknown(take: (state: LinkState) => boolean): Disposer {
    return this.comparison.onUnknown(take);
  }

  /** Closes a link on the module, unless another handler gets it meanwhile; see {@link LinkCloser.close}. */
  close(link: number): Observable<never> {
    const handler = this.handlers.get(link);
    return this.closer.close(link, this.infos.pipe(filter(() => this.handlers.get(link) !== handler)));
  }

  /** Closes every link that the module has open, also those that another program opened. */
  closeStale(): Observable<never> {
    return this.closer.listOpen().pipe(
      mergeMap((links) => links),
      mergeMap((link) => this.close(link)),
    );
  }

  /** What an handler tells of itself has changed. */
  changed(): void {
    const infos = this.all().map(({ info }) => info);
    this.infos.next(infos.sort((a, b) => a.link - b.link));
  }
}

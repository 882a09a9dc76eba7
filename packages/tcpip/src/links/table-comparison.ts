import { cipOpen, type LinkState } from '@a7600/at-codec';
import { defer, mergeMap, type Observable, of, Subject } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { ModemError } from '../base/errors.js';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';
import type { LinkCloser } from './link-closer.js';
import type { LinkDoubts } from './link-doubts.js';
import type { Doubt, LinkHandler } from './link-handler.js';
import { type Judgement, ListedLinks, mayBeOwn } from './listed-links.js';
import type { UnclaimedBlocks } from './unclaimed-blocks.js';

/** What {@link TableComparison} works with. */
export interface ComparisonOptions {
  readonly lane: Pick<Lane, 'run'>;
  /** The handlers of the links in use. */
  readonly handlers: ReadonlyMap<number, LinkHandler>;
  readonly doubts: LinkDoubts;
  readonly closer: LinkCloser;
  readonly unclaimed: UnclaimedBlocks;
  /** Takes a link back. */
  readonly free: (link: number, handler: LinkHandler) => void;
}

/** Compares the links in use with those that the module lists (`AT+CIPOPEN?`), which is the truth. */
export class TableComparison {
  private readonly options: ComparisonOptions;
  private readonly listed = new ListedLinks();
  private readonly takers = new Set<(state: LinkState) => boolean>();
  private readonly unknown = new Subject<LinkState>();
  private readonly gone = new Subject<number>();

  /** Links that the module turned out to have open, and that no handler of `onUnknown` took. Hot, no replay. */
  readonly unknown$ = this.unknown.asObservable();
  /** The links that were open here, and turned out not to be on the module. Hot, no replay. */
  readonly gone$ = this.gone.asObservable();

  constructor(options: ComparisonOptions) {
    this.options = options;
  }

  /** Whether a server takes links that the module turns out to have open. */
  get hasTakers(): boolean {
    return this.takers.size > 0;
  }

  /** Calls `take` with each link that the module turned out to have open; it says whether the link is its own. */
  onUnknown(take: (state: LinkState) => boolean): Disposer {
    this.takers.add(take);
    return () => this.takers.delete(take);
  }

  /**
   * Asks, and compares. Cold. A link that was open here before the question and is not open there has ended, and so
   * has one whose number another connection has; one that was unknown here before the question and after it goes to the
   * handlers of `onUnknown`, or to `unknown$`.
   */
  confirm(): Observable<unknown> {
    const { lane, handlers, doubts, closer } = this.options;
    return defer(() => {
      const before = new Map(handlers);
      const open = [...handlers.values()].filter(
        ({ info }) => info.state === 'open' && info.kind !== 'transparent',
      );
      const asked = doubts.all();
      return runRepeatable(lane, cipOpen.read()).pipe(
        mergeMap((states): Observable<unknown> => {
          const judged = open.map((handler) => this.compare(handler, states, asked.get(handler)));
          closer.closeAgain(states);
          for (const state of states) {
            const handler = before.get(state.link);
            const wasKnown = handler !== undefined && judged[open.indexOf(handler)] !== 'other';
            const isKnown = wasKnown || handlers.has(state.link);
            if (!isKnown && !closer.isStuck(state.link)) this.find(state);
          }
          return judged.includes('in doubt') ? this.confirm() : of(states);
        }),
      );
    });
  }

  private find(state: LinkState): void {
    const { unclaimed } = this.options;
    if (unclaimed.isWhole(state) && [...this.takers].some((take) => take(state))) return;
    unclaimed.take(state);
    this.unknown.next(state);
  }

  /** Ends a link whose connection is gone from the module, or whose number another one has. */
  private compare(handler: LinkHandler, states: readonly LinkState[], doubt: Doubt | undefined): Judgement {
    const { handlers, doubts, unclaimed } = this.options;
    const { link } = handler.info;
    if (handlers.get(link) !== handler) return 'own';
    const listed = states.find((state) => state.link === link);
    if (doubt === 'ended' && listed === undefined) {
      doubts.conclude(handler);
      return 'gone';
    }
    const isAnothers = doubt !== undefined && listed !== undefined && !mayBeOwn(handler.info, listed);
    const judged = isAnothers ? 'other' : this.listed.judge(handler, listed, states);
    if (doubt !== undefined && judged === 'own') doubts.refute(handler);
    if (judged !== 'gone' && judged !== 'other') return judged;
    // What the other connection has received before may have gone to this one, unless that has waited.
    const hasWaited = doubt === 'contested' && handler.wasUsed === false;
    if (judged === 'other' && !hasWaited) unclaimed.lose(unclaimed.of(link, undefined).held);
    const why =
      listed === undefined
        ? `The module does not list link ${link} any more, and its end was not heard: what was not read is lost.`
        : `The module lists another connection under link ${link} (${listed.type} with ${listed.host}:${listed.port}): ` +
          'ours has ended unheard, and another program or a client got its number.';
    this.lose(handler, new ModemError('LINK_CLOSED', why, { link }));
    return judged;
  }

  /** The link has ended unheard, or its number means another connection. */
  lose(handler: LinkHandler, error: Error): void {
    const { link } = handler.info;
    this.gone.next(link);
    if (handler.unlisted === undefined) handler.lost(error);
    else handler.unlisted(error);
    this.options.free(link, handler);
  }
}

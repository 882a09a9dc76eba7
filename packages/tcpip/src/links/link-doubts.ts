import type { LinkClosed } from '@a7600/at-codec';
import type { Observable, SchedulerLike } from 'rxjs';
import { FormerClients } from './former-clients.js';
import { type Doubt, type LinkHandler, sameEndpoint } from './link-handler.js';
import { ReportedEnds } from './reported-ends.js';
import type { Named, UnclaimedBlocks } from './unclaimed-blocks.js';

/** What {@link LinkDoubts} work with. */
export interface DoubtOptions {
  readonly scheduler: SchedulerLike;
  /** The handlers of the links in use. */
  readonly handlers: ReadonlyMap<number, LinkHandler>;
  readonly unclaimed: UnclaimedBlocks;
  /** What is printed now may be payload whose header was lost. */
  readonly awaitsBlock: () => boolean;
  /** Compares the links in use with those that the module lists. */
  readonly confirm: () => Observable<unknown>;
  /** Called when the module is to be asked once more, later. */
  readonly onDoubt: () => void;
}

/** What the module reports of links, believed when the module was asked: that one has ended, that a client has one. */
export class LinkDoubts {
  private readonly options: DoubtOptions;
  private readonly reports: ReportedEnds;
  private readonly former: FormerClients;
  private asking: 'no' | 'asking' | 'once more' = 'no';

  constructor(options: DoubtOptions) {
    this.options = options;
    this.reports = new ReportedEnds(options.scheduler, (handler) => this.conclude(handler));
    this.former = new FormerClients(options.scheduler);
  }

  /**
   * The module reports an end. It is asked before an open link ends: the report may be an old one that comes again, have
   * a damaged digit, or be payload whose header was lost.
   */
  closed({ link, reason }: LinkClosed): void {
    const { handlers, unclaimed, awaitsBlock } = this.options;
    const handler = handlers.get(link);
    if (handler === undefined) {
      unclaimed.forget(link);
      return;
    }
    const { kind, state } = handler.info;
    if (kind === 'transparent') {
      // Its line finds out by itself.
      if (!awaitsBlock()) handler.closedByModule(reason);
    } else if (state === 'closing') {
      handler.closedByModule(reason);
    } else {
      this.reports.add(handler, reason);
      if (state === 'open') this.askAbout(handler);
    }
  }

  /** The connection of `handler` is made; its end may have been reported already. */
  opened(handler: LinkHandler): void {
    if (this.reports.doubtOf(handler) !== undefined) this.askAbout(handler);
  }

  /** The reason of the end that the module has reported of a link, while it is asked whether that is true. */
  reportedEnd(handler: LinkHandler): number | undefined {
    return this.reports.reasonOf(handler);
  }

  /** Whether the link is in question, and the module is being asked. */
  isInQuestion(handler: LinkHandler): boolean {
    return this.reports.doubtOf(handler) !== undefined;
  }

  /** The link has ended as the module has reported; one that was only contested goes on. */
  conclude(handler: LinkHandler): void {
    const reason = this.reports.reasonOf(handler);
    const isInQuestion = this.isInQuestion(handler);
    this.reports.forget(handler);
    if (reason !== undefined) handler.closedByModule(reason);
    else if (isInQuestion) handler.inQuestion?.(undefined);
  }

  private askAbout(handler: LinkHandler): void {
    handler.inQuestion?.(this.reports.doubtOf(handler));
    this.ask();
  }

  /** Asks the module for its links now; once more if something else has come up meanwhile. */
  ask(): void {
    if (this.asking !== 'no') {
      this.asking = 'once more';
      return;
    }
    this.asking = 'asking';
    const done = () => {
      const isAgain = this.asking === 'once more';
      this.asking = 'no';
      if (isAgain) this.ask();
    };
    this.options.confirm().subscribe({ complete: done, error: done });
  }

  /**
   * Whether the report of a client is doubtful: it names the client that has its link, or the last one that had it, so it
   * comes again; or the number of a link whose end was not reported, so it may be damaged. The module is asked then, and
   * a client that turns out to be another one goes to the handlers of `onUnknown`.
   */
  isDoubtful({ link, ...client }: Named): boolean {
    const handler = this.options.handlers.get(link);
    const isOpen = handler?.info.state === 'open' && this.reportedEnd(handler) === undefined;
    if (isOpen && sameEndpoint(handler.info.remote, client)) this.options.onDoubt();
    else if (this.former.has(link, client)) this.ask();
    else if (isOpen) this.contest(handler);
    else return false;
    return true;
  }

  /** Another connection seems to have the number of the link. */
  contest(handler: LinkHandler): void {
    if (handler.info.state !== 'open' || this.isInQuestion(handler)) return;
    this.reports.add(handler);
    this.askAbout(handler);
  }

  /** The links in question, and why they are. */
  all(): ReadonlyMap<LinkHandler, Doubt> {
    return this.reports.all();
  }

  /** The module lists a link that was in question. */
  refute(handler: LinkHandler): void {
    if (this.reports.refute(handler) === 'ask again') this.options.onDoubt();
    handler.inQuestion?.(undefined);
  }

  /** The link is free, or another connection has it. */
  left(handler: LinkHandler): void {
    this.reports.forget(handler);
    this.former.left(handler.info);
  }

  clear(): void {
    this.reports.clear();
    this.former.clear();
  }
}

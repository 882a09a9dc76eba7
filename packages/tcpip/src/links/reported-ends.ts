import type { SchedulerLike, Subscription } from 'rxjs';
import type { Doubt, LinkHandler } from './link-handler.js';

/**
 * Time in ms for which the module may leave the question unanswered whether an end is true that it has reported. A
 * command that it swallows as it reports holds the question up until its own deadline.
 */
const ANSWER_TIMEOUT = 10_000;

interface Report {
  /** Undefined where a client was reported with the number of the link. */
  readonly reason: number | undefined;
  /** The module was asked, and listed the link still. */
  isRefuted: boolean;
  readonly deadline: Subscription;
}

/**
 * The ends of links that the module has reported, or that follow from the report of a client with their number, until it
 * was asked. A report may be one that comes twice, or late, when
 * the number means another connection, or it may have a damaged digit; and where a header was lost it is payload.
 */
export class ReportedEnds {
  private readonly reports = new Map<LinkHandler, Report>();
  private readonly scheduler: SchedulerLike;
  private readonly onUnanswered: (handler: LinkHandler) => void;

  /** `onUnanswered` is called with a link whose reported end the module does not answer for: it has to be believed. */
  constructor(scheduler: SchedulerLike, onUnanswered: (handler: LinkHandler) => void) {
    this.scheduler = scheduler;
    this.onUnanswered = onUnanswered;
  }

  /** The module has reported that the link of `handler` ended; without a reason, that a client has its number. */
  add(handler: LinkHandler, reason?: number): void {
    this.forget(handler);
    const deadline = this.scheduler.schedule(() => this.onUnanswered(handler), ANSWER_TIMEOUT);
    this.reports.set(handler, { reason, isRefuted: false, deadline });
  }

  /** The reason that was reported, while it is in question; see `LinkClosed.reason`. */
  reasonOf(handler: LinkHandler): number | undefined {
    return this.reports.get(handler)?.reason;
  }

  /** Whether the link is in question, and why. */
  doubtOf(handler: LinkHandler): Doubt | undefined {
    const report = this.reports.get(handler);
    return report && (report.reason === undefined ? 'contested' : 'ended');
  }

  /** The links in question, and why they are. */
  all(): ReadonlyMap<LinkHandler, Doubt> {
    return new Map([...this.reports.keys()].map((handler) => [handler, this.doubtOf(handler) as Doubt]));
  }

  /**
   * The module was asked after its report, and lists the link. Says whether it is to be asked once more: its list may
   * have been older than its report.
   */
  refute(handler: LinkHandler): 'ask again' | 'refuted' {
    const report = this.reports.get(handler);
    if (report === undefined || report.reason === undefined || report.isRefuted) {
      this.forget(handler);
      return 'refuted';
    }
    report.deadline.unsubscribe();
    report.isRefuted = true;
    return 'ask again';
  }

  /** The question is settled, or the link has another handler. */
  forget(handler: LinkHandler): void {
    this.reports.get(handler)?.deadline.unsubscribe();
    this.reports.delete(handler);
  }

  clear(): void {
    for (const handler of this.reports.keys()) this.forget(handler);
  }
}

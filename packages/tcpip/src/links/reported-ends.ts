import type { SchedulerLike, Subscription } from 'rxjs';
import type { LinkHandler } from './link-handler.js';

/**
 * Time in ms for which the module may leave the question unanswered whether an end is true that it has reported. A
 * command that it swallows as it reports holds the question up until its own deadline.
 */
const ANSWER_TIMEOUT = 10_000;

interface Report {
  readonly reason: number;
  /** The module was asked, and listed the link still. */
  isRefuted: boolean;
  readonly deadline: Subscription;
}

/**
 * The ends of links that the module has reported, until it was asked. A report may be one that comes twice, or late, when
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

  /** The module has reported that the link of `handler` ended. */
  add(handler: LinkHandler, reason: number): void {
    this.forget(handler);
    const deadline = this.scheduler.schedule(() => this.onUnanswered(handler), ANSWER_TIMEOUT);
    this.reports.set(handler, { reason, isRefuted: false, deadline });
  }

  /** The reason that was reported, while it is in question; see `LinkClosed.reason`. */
  reasonOf(handler: LinkHandler): number | undefined {
    return this.reports.get(handler)?.reason;
  }

  /** The links whose end is in question. */
  all(): ReadonlySet<LinkHandler> {
    return new Set(this.reports.keys());
  }

  /**
   * The module was asked after its report, and lists the link. Says whether it is to be asked once more: its list may
   * have been older than its report.
   */
  refute(handler: LinkHandler): 'ask again' | 'refuted' {
    const report = this.reports.get(handler);
    if (report === undefined || report.isRefuted) {
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
    for (const handler of [...this.reports.keys()]) this.forget(handler);
  }
}

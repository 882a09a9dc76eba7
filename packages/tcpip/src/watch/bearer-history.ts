/** The longest pause in ms between two times that a failed check may end the network. */
const LONGEST_PAUSE = 21_600_000;

/**
 * What was learnt about the mobile network, over all sessions of a modem: whether a check that fails is to be believed.
 *
 * A check asks a single host, which may be down while all else works. It ends the network at most once in a pause that
 * doubles each time, and not at all once data has passed although it failed, until it passes itself.
 */
export class BearerHistory {
  private passedAt: number | undefined;
  private failing = false;
  private wrong = false;
  private pause = 0;
  private allowedFrom = Number.NEGATIVE_INFINITY;
  /** The name servers have answered. */
  namesAnswered = false;

  /** Whether data has passed since that time. */
  hasPassedSince(time: number): boolean {
    return this.passedAt !== undefined && this.passedAt >= time;
  }

  /** Whether data has ever passed. */
  get hasPassed(): boolean {
    return this.passedAt !== undefined;
  }

  /** Data has passed, of a check or not. */
  passed(now: number): void {
    this.passedAt = now;
    this.wrong ||= this.failing;
  }

  /** The check has passed: it can be believed. */
  checkPassed(): void {
    this.failing = false;
    this.wrong = false;
    this.pause = 0;
    this.allowedFrom = Number.NEGATIVE_INFINITY;
  }

  /** The check has failed. Returns whether it failed before, too, and has not passed since. */
  checkFailed(): boolean {
    const again = this.failing;
    this.failing = true;
    return again;
  }

  /** Whether the network may be ended because the check, made once in `every` ms, fails; counts as done if so. */
  takeEnd(now: number, every: number): boolean {
    if (this.wrong || now < this.allowedFrom) return false;
    this.pause = Math.min(LONGEST_PAUSE, Math.max(every, 2 * this.pause));
    this.allowedFrom = now + this.pause;
    return true;
  }
}

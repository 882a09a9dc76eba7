import { type RecoveryLevel, remedyOf } from '@a7600/transport';

/** How often the power may be cut; times in ms. */
export interface PowerPause {
  /** Between the first power cycle and the second. Default 900000 (15 min); it doubles with each. */
  readonly first?: number | undefined;
  /** The pause does not grow beyond this. Default 21600000 (6 h). */
  readonly last?: number | undefined;
}

/**
 * Chooses the recovery level of each attempt: the next one while failures follow each other, of
 * those that make sense for the error. Failures that the module has no part in (a port that is not
 * there, a missing SIM) neither use a level nor bring the next one nearer.
 */
export class Escalation {
  private readonly levels: readonly RecoveryLevel[];
  private readonly first: number;
  private readonly last: number;
  private failures = 0;
  private poweredAt: number | undefined;
  private powerPause: number;

  constructor(levels: readonly RecoveryLevel[], { first = 900_000, last = 21_600_000 }: PowerPause = {}) {
    this.levels = levels;
    this.first = first;
    this.last = last;
    this.powerPause = first;
  }

  /**
   * Chooses the level for the next attempt, after `error`.
   *
   * @param isFirst Whether the network was online for long enough to count as a success.
   * @param onlineFor How long it was online before, in ms; as long as the first pause between two power
   *   cycles, and the last cycle has helped: the pause does not grow.
   */
  next(error: unknown, isFirst: boolean, now: number, onlineFor = 0): RecoveryLevel {
    if (isFirst) this.failures = 0;
    if (onlineFor >= this.first) this.powerPause = this.first;
    const sensible = remedyOf(error).levels;
    const levels = this.levels.filter((level) => sensible.includes(level));
    if (levels.length === 0) return 'link';
    this.failures += 1;
    const reached = levels.slice(0, this.failures);
    const level = reached.at(-1) ?? 'link';
    if (level !== 'power') return level;
    if (this.mayPower(now)) return 'power';
    return reached.filter((lower) => lower !== 'power').at(-1) ?? 'link';
  }

  private mayPower(now: number): boolean {
    const since = this.poweredAt === undefined ? Number.POSITIVE_INFINITY : now - this.poweredAt;
    if (since < this.powerPause) return false;
    if (this.poweredAt !== undefined) this.powerPause = Math.min(2 * this.powerPause, this.last);
    this.poweredAt = now;
    return true;
  }
}

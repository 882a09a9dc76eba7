import { type RecoveryLevel, remedyOf } from '@a7600/transport';

/** How often something may be done to the module; times in ms. */
export interface RecoveryPause {
  /** Between the first time and the second; it doubles with each. */
  readonly first?: number;
  /** The pause does not grow beyond this. */
  readonly last?: number;
}

/** The pauses of the levels that take the module away from what it is doing, searching for a network among it. */
export interface RecoveryPauses {
  /** Between two restarts. Default 120000 (2 min) to 3600000 (1 h). */
  readonly reset?: RecoveryPause | undefined;
  /** Between two power cycles. Default 900000 (15 min) to 21600000 (6 h). */
  readonly power?: RecoveryPause | undefined;
}

/** Rations one level. */
class Ration {
  private readonly first: number;
  private readonly last: number;
  private usedAt: number | undefined;
  private pause: number;

  constructor(pause: RecoveryPause, usual: Required<RecoveryPause>) {
    this.first = pause.first ?? usual.first;
    this.last = pause.last ?? usual.last;
    this.pause = this.first;
  }

  /** All was well for that time: as long as the first pause, and the level has helped, so the pause is the first again. */
  wasWellFor(time: number): void {
    if (time >= this.first) this.pause = this.first;
  }

  take(now: number): boolean {
    const since = this.usedAt === undefined ? Number.POSITIVE_INFINITY : now - this.usedAt;
    if (since < this.pause) return false;
    if (this.usedAt !== undefined) this.pause = Math.min(2 * this.pause, this.last);
    this.usedAt = now;
    return true;
  }
}

/**
 * Chooses the recovery level of each attempt: the next one while failures follow each other, of
 * those that make sense for the error. Failures that the module has no part in (a port that is not
 * there, a missing SIM) neither use a level nor bring the next one nearer.
 */
export class Escalation {
  private readonly levels: readonly RecoveryLevel[];
  private readonly rations: Partial<Record<RecoveryLevel, Ration>>;
  private failures = 0;

  constructor(levels: readonly RecoveryLevel[], { reset = {}, power = {} }: RecoveryPauses = {}) {
    this.levels = levels;
    this.rations = {
      reset: new Ration(reset, { first: 120_000, last: 3_600_000 }),
      power: new Ration(power, { first: 900_000, last: 21_600_000 }),
    };
  }

  /**
   * Chooses the level for the next attempt, after `error`.
   *
   * @param isFirst Whether the network was online for long enough to count as a success.
   * @param onlineFor How long it was online before, in ms.
   */
  next(error: unknown, isFirst: boolean, now: number, onlineFor = 0): RecoveryLevel {
    if (isFirst) this.failures = 0;
    for (const ration of Object.values(this.rations)) ration.wasWellFor(onlineFor);
    const sensible = remedyOf(error).levels;
    const levels = this.levels.filter((level) => sensible.includes(level));
    if (levels.length === 0) return 'link';
    this.failures += 1;
    const reached = levels.slice(0, this.failures);
    const level = reached.at(-1) ?? 'link';
    if (this.rations[level] === undefined) return level;
    // While its pause runs: the rationed one below, or else the module is left alone.
    const rationed = reached.filter((each) => this.rations[each] !== undefined).reverse();
    return rationed.find((each) => this.rations[each]?.take(now)) ?? 'link';
  }
}

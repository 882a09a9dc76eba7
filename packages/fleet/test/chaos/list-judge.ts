/** A fact that changes: which values it had when. */
export class History<T> {
  private readonly changes: { readonly at: number; readonly value: T }[] = [];

  constructor(value: T) {
    this.changes.push({ at: Number.NEGATIVE_INFINITY, value });
  }

  set(value: T, at: number): void {
    if (this.changes.at(-1)?.value !== value) this.changes.push({ at, value });
  }

  /** How long ago in ms it was last that value, before `now`; infinite if it never was. */
  age(value: T, now: number): number {
    for (let index = this.changes.length - 1; index >= 0; index--) {
      if (this.changes[index]?.value !== value) continue;
      return Math.max(0, now - (this.changes[index + 1]?.at ?? now));
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** What is true of an agent. */
export interface AgentTruth {
  /** It runs, and a way leads to a server that runs. */
  readonly there: History<boolean>;
  /** Its first modem answers. */
  readonly answers: History<boolean>;
}

/** What is true of a controller. */
export interface ControllerTruth {
  /** It runs. */
  readonly awake: History<boolean>;
  /** A way leads to a server that runs. */
  readonly reaches: History<boolean>;
}

/** What a controller says of a modem; undefined when it does not list it. */
export type Statement = { readonly presence: string; readonly state: string } | undefined;

/**
 * How old a statement is in ms: the time since it was true. Events overlap, so there is no time at which everything else
 * stands still: a list is right as long as each of its statements was true a short time ago.
 */
export function staleness(
  said: Statement,
  { there, answers }: AgentTruth,
  isFirst: boolean,
  { reaches }: ControllerTruth,
  now: number,
): number {
  if (said === undefined || said.presence === 'unknown') return reaches.age(false, now);
  if (said.presence === 'gone') return there.age(false, now);
  const present = there.age(true, now);
  if (!isFirst || said.state !== 'online') return present;
  // The state of a modem whose agent is away is the last one, and that agent's presence is what tells it.
  return Math.max(present, Math.min(answers.age(true, now), there.age(false, now)));
}

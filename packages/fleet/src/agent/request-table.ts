import { FleetError } from '../base/errors.js';

/** The farthest that a deadline may lie ahead, in ms: what is remembered of requests ends with it. */
export const FARTHEST = 300_000;

/** What to do with a request: `execute` it; nothing, since it is being executed (`joined`); or repeat the reply. */
export type Admission<R> =
  | { readonly kind: 'execute' }
  | { readonly kind: 'joined' }
  | { readonly kind: 'repeat'; readonly reply: R };

/** Time in ms between two looks for what is over. */
const FORGET_PAUSE = 250;

interface Entry<R> {
  readonly deadline: number;
  reply: R | undefined;
}

/**
 * Remembers requests until their deadlines, so that none is executed twice or late. It has no clock. After a deadline
 * a repetition is refused because it is late, so nothing has to be remembered any longer.
 */
export class RequestTable<R> {
  private readonly entries = new Map<string, Entry<R>>();
  private readonly capacity: number;
  private forgottenAt = Number.NEGATIVE_INFINITY;

  constructor(capacity = 10_000) {
    this.capacity = capacity;
  }

  /** How many requests are remembered. */
  get size(): number {
    return this.entries.size;
  }

  /** Admits a request; throws `DEADLINE_PASSED`, `PROTOCOL` or `CAPACITY`. */
  admit(id: string, deadline: number, now: number): Admission<R> {
    if (deadline <= now) throw late(now - deadline);
    if (deadline - now > FARTHEST) {
      throw new FleetError('PROTOCOL', `The deadline is more than ${FARTHEST} ms ahead.`);
    }
    const known = this.entries.get(id);
    if (known?.reply !== undefined) return { kind: 'repeat', reply: known.reply };
    if (known !== undefined) return { kind: 'joined' };
    this.forget(now);
    if (this.entries.size >= this.capacity) {
      throw new FleetError(
        'CAPACITY',
        `The agent remembers ${this.capacity} requests already. Send fewer at a time.`,
      );
    }
    this.entries.set(id, { deadline, reply: undefined });
    return { kind: 'execute' };
  }

  /** A request was executed, or refused: repetitions get the same reply. */
  settle(id: string, reply: R): void {
    const entry = this.entries.get(id);
    if (entry !== undefined) entry.reply = reply;
  }

  /** Forgets what is over; not with each request, because it looks at all. */
  private forget(now: number): void {
    if (now < this.forgottenAt + FORGET_PAUSE) return;
    this.forgottenAt = now;
    for (const [id, { deadline }] of this.entries) if (deadline <= now) this.entries.delete(id);
  }
}

/** The error for what comes after its deadline. */
export function late(ms: number): FleetError {
  return new FleetError(
    'DEADLINE_PASSED',
    `The agent came to the request ${Math.round(ms)} ms after its deadline, and did not execute it.`,
  );
}

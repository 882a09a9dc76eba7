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
  state: 'executing' | 'settled';
  /** Undefined while it is executed, and when there was no room to keep it. */
  reply: R | undefined;
}

/** How much a {@link RequestTable} remembers. */
export interface TableLimits {
  /** Requests. Default 10,000. */
  readonly requests?: number | undefined;
  /** Bytes of replies; the oldest are discarded. Default 16 MiB. */
  readonly bytes?: number | undefined;
}

/**
 * Remembers requests until their deadlines, so that none is executed twice or late. It has no clock. After a deadline
 * a repetition is refused because it is late, so nothing has to be remembered any longer. When there are too many, requests
 * are forgotten before that, those with the earliest deadlines first: from then on all with such deadlines are refused.
 */
export class RequestTable<R extends { readonly data: Uint8Array }> {
  private readonly entries = new Map<string, Entry<R>>();
  /** The requests whose replies are kept, the oldest first. */
  private readonly kept = new Map<string, Entry<R>>();
  private readonly requests: number;
  private readonly bytes: number;
  private used = 0;
  private forgottenAt = Number.NEGATIVE_INFINITY;
  /** No deadline is before that. */
  private earliest = Number.POSITIVE_INFINITY;
  /** Requests with deadlines up to that may have been forgotten. */
  private forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor({ requests = 10_000, bytes = 16 * 2 ** 20 }: TableLimits = {}) {
    this.requests = requests;
    this.bytes = bytes;
  }

  /** How many requests are remembered. */
  get size(): number {
    return this.entries.size;
  }

  /** How many bytes of replies are kept. */
  get replyBytes(): number {
    return this.used;
  }

  /** Admits a request; throws `DEADLINE_PASSED`, `OUTCOME_UNKNOWN`, `PROTOCOL` or `CAPACITY`. */
  admit(id: string, deadline: number, now: number): Admission<R> {
    const known = this.entries.get(id);
    if (known?.reply !== undefined) return { kind: 'repeat', reply: known.reply };
    if (known?.state === 'executing') return { kind: 'joined' };
    if (known !== undefined) throw discarded();
    if (deadline <= now) throw late(now - deadline);
    if (deadline - now > FARTHEST) {
      throw new FleetError('PROTOCOL', `The deadline is more than ${FARTHEST} ms ahead.`);
    }
    if (deadline <= this.forgottenUntil) throw forgotten();
    this.forget(now);
    this.makeRoom(deadline);
    if (this.entries.size >= this.requests) {
      throw new FleetError(
        'CAPACITY',
        `The agent remembers ${this.requests} requests already. Send fewer at a time.`,
      );
    }
    this.entries.set(id, { deadline, state: 'executing', reply: undefined });
    this.earliest = Math.min(this.earliest, deadline);
    return { kind: 'execute' };
  }

  /** A request was executed, or refused: repetitions get the same reply. */
  settle(id: string, reply: R): void {
    const entry = this.entries.get(id);
    if (entry?.state !== 'executing') return;
    entry.state = 'settled';
    entry.reply = reply;
    this.kept.set(id, entry);
    this.used += reply.data.length;
    for (const [oldest] of this.kept) {
      if (this.used <= this.bytes) break;
      this.discard(oldest);
    }
  }

  /** Forgets what is over: when there is no room as soon as something is, else not with each request, as it looks at all. */
  private forget(now: number): void {
    const isFull = this.entries.size >= this.requests;
    if (now < this.earliest || (!isFull && now < this.forgottenAt + FORGET_PAUSE)) return;
    this.forgottenAt = now;
    this.earliest = Number.POSITIVE_INFINITY;
    for (const [id, { deadline, state }] of this.entries) {
      // The reply to one that is being executed is still to come.
      if (deadline <= now && state === 'settled') {
        this.discard(id);
        this.entries.delete(id);
      } else this.earliest = Math.min(this.earliest, deadline);
    }
  }

  /**
   * Where there is no room, forgets settled requests before their deadlines: the tenth whose deadlines come first. A request
   * with such a deadline could be one of them, and is refused from then on.
   */
  private makeRoom(deadline: number): void {
    if (this.entries.size < this.requests || deadline <= this.earliest) return;
    const settled = [...this.entries].filter(
      ([, entry]) => entry.state === 'settled' && entry.deadline < deadline,
    );
    settled.sort(([, a], [, b]) => a.deadline - b.deadline);
    for (const [id, entry] of settled.slice(0, Math.ceil(this.requests / 10))) {
      this.forgottenUntil = entry.deadline;
      this.discard(id);
      this.entries.delete(id);
    }
  }

  /** Discards a reply. */
  private discard(id: string): void {
    const entry = this.kept.get(id);
    if (entry === undefined) return;
    this.kept.delete(id);
    this.used -= entry.reply?.data.length ?? 0;
    entry.reply = undefined;
  }
}

function forgotten(): FleetError {
  return new FleetError(
    'OUTCOME_UNKNOWN',
    'The agent has answered so many requests that it cannot say whether this one was among them, and does not execute it. ' +
      'Ask the modem before you repeat it. A request that has more time is executed.',
  );
}

/** The error for what comes after its deadline. */
export function late(ms: number): FleetError {
  return new FleetError(
    'DEADLINE_PASSED',
    `The agent came to the request ${Math.round(ms)} ms after its deadline, and did not execute it.`,
  );
}

function discarded(): FleetError {
  return new FleetError(
    'OUTCOME_UNKNOWN',
    'The agent has answered this request before, and had no room to keep the answer. Ask the modem before you repeat it.',
  );
}

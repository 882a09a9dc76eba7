import type { AtEvent } from '@a7600/at-codec';
import { BehaviorSubject, type Observable } from 'rxjs';

/** What has gone wrong on the way between host and module since the modem was opened. */
export interface Statistics {
  /** Runs of bytes that were no line, and were discarded. */
  readonly noise: number;
  /** Bytes in them. */
  readonly discardedBytes: number;
  /** Blocks of payload that lost bytes. */
  readonly framingErrors: number;
  /** Times at which the module was asked until it had answered everything. */
  readonly resynchronisations: number;
  /** Commands that were not answered in time. */
  readonly unansweredCommands: number;
  /** Questions of the watch that were not answered. */
  readonly unconfirmed: number;
}

const NOTHING: Statistics = {
  noise: 0,
  discardedBytes: 0,
  framingErrors: 0,
  resynchronisations: 0,
  unansweredCommands: 0,
  unconfirmed: 0,
};

/** Counts for {@link Statistics}. */
export class Counters {
  private readonly values = new BehaviorSubject(NOTHING);

  private readonly onCounted: ((name: keyof Statistics, total: number) => void) | undefined;

  /** Replays the latest; emits with each change. */
  readonly statistics$: Observable<Statistics> = this.values.asObservable();

  /** `onCounted` is called with each counter that has a new value. */
  constructor(onCounted?: (name: keyof Statistics, total: number) => void) {
    this.onCounted = onCounted;
  }

  count(name: keyof Statistics, amount = 1): void {
    const { value } = this.values;
    const total = value[name] + amount;
    this.values.next({ ...value, [name]: total });
    this.onCounted?.(name, total);
  }

  /** Counts what an event of the decoder says about the line. */
  observe(event: AtEvent): void {
    if (event.kind === 'overrun') this.count('framingErrors');
    if (event.kind !== 'noise') return;
    this.count('noise');
    this.count('discardedBytes', event.raw.length);
  }
}

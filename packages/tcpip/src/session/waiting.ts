import type { Command } from '@a7600/at-codec';
import type { Observable, SchedulerLike } from 'rxjs';

/** Time in ms between two questions whether the module is ready. */
export const POLL_INTERVAL = 1_000;

/** What a step works with that waits for the module to become ready. */
export interface Waiting {
  readonly scheduler: SchedulerLike;
  /** The longest time for the step in ms. */
  readonly readyTimeout: number;
  /** Sends a command that may be sent again if its answer is lost. */
  readonly run: <R>(command: Command<R>) => Observable<R>;
  /** Sends a command that must not be sent twice. */
  readonly runOnce: <R>(command: Command<R>) => Observable<R>;
  /** Called when the step begins, and with each reason to go on waiting. */
  readonly tell: (reason?: string) => void;
}

import {
  asyncScheduler,
  defer,
  type MonoTypeOperatorFunction,
  repeat,
  retry,
  type SchedulerLike,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { assertGiven } from './given.js';
import { remedyOf, type WaitsFor } from './remedies.js';

/** One pause before the next attempt. */
export interface ReconnectAttempt {
  /** 1 for the first attempt after something was open. */
  readonly attempt: number;
  /** How long it waits, in ms. */
  readonly delay: number;
  /** Why it has to; undefined when the source completed. */
  readonly error: unknown;
  /** What has to change before an attempt can succeed; its error says more (`remedies`). */
  readonly waitsFor: WaitsFor;
}

/** Settings of {@link reconnect}. Times are in ms. */
export interface ReconnectOptions {
  /** Pause before the first attempt; it doubles with each that fails. Default 500. */
  readonly firstDelay?: number | undefined;
  /** The pause does not grow beyond this. Default 30000. */
  readonly lastDelay?: number | undefined;
  /**
   * Share of each pause that is left to chance, 0 to 1, so that many clients do not come back all
   * at once. Default 0.5: between half of the pause and the whole of it.
   */
  readonly jitter?: number | undefined;
  /** How long something has to stay open to count as a success: the next pause is the first one. Default 10000. */
  readonly settledAfter?: number | undefined;
  /** Attempts in a row before the error is passed on. Default: without end. */
  readonly attempts?: number | undefined;
  /** Time of failures in a row after which the error is passed on. Default: without end. */
  readonly giveUpAfter?: number | undefined;
  /** Which errors are worth another attempt. Default: as the table of `remedies` says. */
  readonly retryable?: ((error: unknown) => boolean) | undefined;
  /** Whether to open again when the source completes, as it does when the other side closes. Default false. */
  readonly whenClosed?: boolean | undefined;
  /** Called with each pause when it begins. */
  readonly onWait?: ((attempt: ReconnectAttempt) => void) | undefined;
  /** A number from 0 to below 1, for the jitter. Default: a fixed middle value, without chance. */
  readonly random?: (() => number) | undefined;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Subscribes again, after a growing pause, when the source errors: to a transport, a modem, a
 * network or a connection. Nothing else in the SDK reconnects by itself. An error whose `retryAfter` is a number
 * makes the pause at least that many ms long.
 *
 * @param options pauses, number of attempts, and which errors are retried
 * @returns an operator on transports, modems, networks and connections
 */
export function reconnect<T>(options: ReconnectOptions = {}): MonoTypeOperatorFunction<T> {
  assertGiven('reconnect()', options, '{ attempts: 5 }');
  const {
    firstDelay = 500,
    lastDelay = 30_000,
    jitter = 0.5,
    settledAfter = 10_000,
    attempts = Number.POSITIVE_INFINITY,
    giveUpAfter = Number.POSITIVE_INFINITY,
    retryable = (error) => remedyOf(error).retry,
    whenClosed = false,
    onWait,
    random = () => 0.5,
    scheduler = asyncScheduler,
  } = options;

  return (source) =>
    defer(() => {
      let attempt = 0;
      let openSince: number | undefined;
      let failingSince = scheduler.now();

      const wait = (error: unknown) => {
        const settled = openSince !== undefined && scheduler.now() - openSince >= settledAfter;
        openSince = undefined;
        attempt = settled ? 1 : attempt + 1;
        if (attempt === 1) failingSince = scheduler.now();
        const isLate = scheduler.now() - failingSince >= giveUpAfter;
        if (attempt > attempts || isLate) return throwError(() => error);
        const full = Math.min(lastDelay, firstDelay * 2 ** (attempt - 1));
        const delay = Math.max(Math.round(full * (1 - jitter * random())), retryAfter(error));
        onWait?.({
          attempt,
          delay,
          error,
          waitsFor: error === undefined ? 'nothing' : remedyOf(error).waitsFor,
        });
        return timer(delay, scheduler);
      };

      const opened = source.pipe(
        tap(() => {
          openSince ??= scheduler.now();
        }),
        retry({ delay: (error) => (retryable(error) ? wait(error) : throwError(() => error)) }),
      );
      return whenClosed ? opened.pipe(repeat({ delay: () => wait(undefined) })) : opened;
    });
}

/** Time in ms before which no attempt can succeed, where the error says so. */
function retryAfter(error: unknown): number {
  const time: unknown = error instanceof Error ? Reflect.get(error, 'retryAfter') : undefined;
  return typeof time === 'number' && time > 0 ? time : 0;
}

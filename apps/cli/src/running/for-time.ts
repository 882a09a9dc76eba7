import { connect, delay, type MonoTypeOperatorFunction, take, takeUntil } from 'rxjs';

/**
 * Ends something some time after it is there.
 *
 * @param time in ms from its first value; undefined for no end
 * @returns completes then, at the latest
 */
export function forTime<T>(time: number | undefined): MonoTypeOperatorFunction<T> {
  if (time === undefined) return (source) => source;
  return connect((source$) => source$.pipe(takeUntil(source$.pipe(take(1), delay(time)))));
}

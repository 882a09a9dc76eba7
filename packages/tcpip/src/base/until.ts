import { filter, type MonoTypeOperatorFunction, repeat, type SchedulerLike, take, timer } from 'rxjs';

/** Pauses in ms between two questions. */
const FIRST_PAUSE = 100;
const LAST_PAUSE = 2_000;

/** Asks again, less and less often, until the answer is the one that was waited for; emits that one. */
export function until<T>(fits: (value: T) => boolean, scheduler: SchedulerLike): MonoTypeOperatorFunction<T> {
  return (question$) =>
    question$.pipe(
      repeat({ delay: (count) => timer(Math.min(FIRST_PAUSE * 2 ** (count - 1), LAST_PAUSE), scheduler) }),
      filter(fits),
      take(1),
    );
}

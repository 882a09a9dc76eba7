import type { EmulatorControl } from '@a7600/testing';
import { concat, ignoreElements, type Observable, type SchedulerLike, tap, timer } from 'rxjs';

/** A train: after a minute the signal fades, the bearer is lost for 20 s, then all is well again. */
export function tunnel(scheduler: SchedulerLike): (control: EmulatorControl) => Observable<never> {
  const after = (ms: number, act: () => void) => timer(ms, scheduler).pipe(tap(act), ignoreElements());
  return ({ surroundings, loseBearer }) =>
    concat(
      after(60_000, () => {
        surroundings.rssi = 4;
      }),
      after(5_000, () => loseBearer(20_000)),
      after(20_000, () => {
        surroundings.rssi = 23;
      }),
    );
}

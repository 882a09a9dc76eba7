import { type Command, isAtError } from '@a7600/at-codec';
import {
  catchError,
  concat,
  EMPTY,
  ignoreElements,
  mergeMap,
  type Observable,
  of,
  retry,
  throwError,
} from 'rxjs';
import { isModemError } from '../base/errors.js';
import type { Lane } from './lane.js';

/** How a setting of the module is read and written. */
export interface Setting<T> {
  readonly read: Command<T>;
  readonly write: (value: T) => Command<void>;
  readonly same: (one: T, other: T) => boolean;
}

/** How often something is tried whose answer was lost. */
const TRIES = 3;

/** What is set; undefined when the firmware does not tell. */
export function readSetting<T>(lane: Lane, { read }: Setting<T>): Observable<T | undefined> {
  return lane.run(read).pipe(
    retry({ count: TRIES, delay: (error) => (wasLost(error) ? of(0) : throwError(() => error)) }),
    catchError((error) => (isAtError(error) ? of(undefined) : throwError(() => error))),
  );
}

/**
 * Sets what is not `wanted` yet, and reads it back: an `OK` alone may be one that an earlier
 * command is answered twice. Emits what is set in the end, which differs where the firmware
 * refuses; where it does not tell, `wanted`.
 */
export function ensure<T>(lane: Lane, setting: Setting<T>, now: T | undefined, wanted: T): Observable<T> {
  if (now === undefined) return concat(lane.run(setting.write(wanted)).pipe(ignoreElements()), of(wanted));
  const settle = (current: T, left: number): Observable<T> =>
    left === 0 || setting.same(current, wanted)
      ? of(current)
      : concat(
          lane.run(setting.write(wanted)).pipe(ignoreElements(), catchError(refusedOrLost)),
          readSetting(lane, setting),
        ).pipe(mergeMap((next) => settle(next ?? current, left - 1)));
  return settle(now, TRIES);
}

function wasLost(error: unknown): boolean {
  return isModemError(error, 'TIMEOUT') || isAtError(error, 'UNREADABLE_ANSWER');
}

function refusedOrLost(error: unknown): Observable<never> {
  return isAtError(error) || isModemError(error, 'TIMEOUT') ? EMPTY : throwError(() => error);
}

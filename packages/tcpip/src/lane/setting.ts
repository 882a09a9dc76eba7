import { type Command, isAtError, unreadable } from '@a7600/at-codec';
import { catchError, concat, EMPTY, ignoreElements, mergeMap, type Observable, of, throwError } from 'rxjs';
import { isUnanswered } from '../base/refusals.js';
import type { Lane } from './lane.js';
import { runRepeatable } from './repeat.js';

/** How a setting of the module is read and written. */
export interface Setting<T> {
  /** For messages. */
  readonly name: string;
  readonly read: Command<T>;
  readonly write: (value: T) => Command<void>;
  readonly same: (one: T, other: T) => boolean;
}

/** How often a setting is written that does not stay. */
const ATTEMPTS = 3;

/** Reads what is set; emits undefined when the firmware does not tell. */
export function readSetting<T>(lane: Lane, setting: Setting<T>): Observable<T | undefined> {
  return runRepeatable(lane, readableSetting(setting)).pipe(
    catchError((error) => (isAtError(error) ? of(undefined) : throwError(() => error))),
  );
}

/**
 * Sets what is not `wanted` yet, and reads it back: an `OK` alone may be one that an earlier
 * command is answered twice. Emits what is set in the end, which differs where the firmware
 * refuses; where it does not tell, `wanted`.
 *
 * @param now what was read before; undefined where the firmware does not tell
 */
export function writeSetting<T>(
  lane: Lane,
  setting: Setting<T>,
  now: T | undefined,
  wanted: T,
): Observable<T> {
  if (now === undefined) return concat(lane.run(setting.write(wanted)).pipe(ignoreElements()), of(wanted));
  const attempt = (current: T, left: number): Observable<T> =>
    left === 0 || setting.same(current, wanted)
      ? of(current)
      : concat(
          lane.run(setting.write(wanted)).pipe(ignoreElements(), catchError(refusedOrUnanswered)),
          readSetting(lane, setting),
        ).pipe(mergeMap((next) => attempt(next ?? current, left - 1)));
  return attempt(now, ATTEMPTS);
}

/**
 * Reads a setting, and sets and reads it back if it is not `wanted`; see {@link writeSetting}. Emits what is set in the
 * end; undefined where the firmware does not tell. That it does not is known only after it has accepted the setting: what
 * it refused before may have been a damaged command.
 */
export function ensureSetting<T>(lane: Lane, setting: Setting<T>, wanted: T): Observable<T | undefined> {
  const now$ = readSetting(lane, setting);
  const write = (now: T) => writeSetting(lane, setting, now, wanted);
  const writeFirst = () =>
    concat(lane.run(setting.write(wanted)).pipe(ignoreElements()), now$).pipe(
      mergeMap((now) => (now === undefined ? of(undefined) : write(now))),
    );
  return now$.pipe(mergeMap((now) => (now === undefined ? writeFirst() : write(now))));
}

/**
 * The command that reads a setting. A value that could not be written was damaged on the line: writing the others back
 * would fail.
 */
export function readableSetting<T>({ name, read, write }: Setting<T>): Command<T> {
  return {
    ...read,
    read: (answer) => {
      const value = read.read(answer);
      try {
        if (value !== undefined) write(value);
      } catch {
        throw unreadable(`${name}? with a value that is out of its range`);
      }
      return value;
    },
  };
}

function refusedOrUnanswered(error: unknown): Observable<never> {
  return isAtError(error) || isUnanswered(error) ? EMPTY : throwError(() => error);
}

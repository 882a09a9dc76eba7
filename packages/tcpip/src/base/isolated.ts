import { Subject } from 'rxjs';

/**
 * Makes of a callback of the program one that never throws: what it throws is reported as any error of a subscriber is
 * (`config.onUnhandledError` of RxJS), and what called it goes on.
 *
 * @param callback - The program's function; undefined where it gave none.
 * @returns What to call instead; undefined without a callback.
 */
export function isolated<T>(callback: (value: T) => void): (value: T) => void;
export function isolated<T>(callback: ((value: T) => void) | undefined): ((value: T) => void) | undefined;
export function isolated<T>(callback: ((value: T) => void) | undefined): ((value: T) => void) | undefined {
  if (callback === undefined) return undefined;
  const values = new Subject<T>();
  values.subscribe(callback);
  return (value) => values.next(value);
}

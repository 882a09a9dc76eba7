import { isObservable, Observable, Subscription } from 'rxjs';
import type { Finding } from './finding.js';

/**
 * Work in steps that reads from top to bottom and waits for observables, so that it runs in virtual time. It
 * yields what it waits for and what it finds.
 */
export type Routine<T> = Generator<Observable<unknown> | Finding, T, unknown>;

/** Waits for an observable to complete and returns its last value. Throws its error. */
export function* wait<T>(source$: Observable<T>): Routine<T> {
  return (yield source$) as T;
}

/** What a {@link Routine} gives: its findings, then its result. */
export type Progress<T> = { readonly finding: Finding } | { readonly result: T };

/** Carries out a routine while it is subscribed to. Cold. */
export function perform<T>(routine: () => Routine<T>): Observable<Progress<T>> {
  return new Observable((subscriber) => {
    const steps = routine();
    let waiting = Subscription.EMPTY;
    const advance = (resume: () => IteratorResult<Observable<unknown> | Finding, T>) => {
      let next = attempt(resume);
      while (next !== undefined && !next.done && !isObservable(next.value)) {
        subscriber.next({ finding: next.value });
        next = attempt(() => steps.next());
      }
      if (next === undefined) return;
      if (next.done) {
        subscriber.next({ result: next.value });
        subscriber.complete();
        return;
      }
      let last: unknown;
      waiting = (next.value as Observable<unknown>).subscribe({
        next(value) {
          last = value;
        },
        error: (error: unknown) => advance(() => steps.throw(error)),
        complete: () => advance(() => steps.next(last)),
      });
      if (subscriber.closed) waiting.unsubscribe();
    };
    const attempt = <R>(resume: () => R): R | undefined => {
      try {
        return resume();
      } catch (error) {
        subscriber.error(error);
        return undefined;
      }
    };
    advance(() => steps.next());
    return () => waiting.unsubscribe();
  });
}

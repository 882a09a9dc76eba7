import { Observable, Subscription } from 'rxjs';
import { unusable } from './given.js';

/**
 * Works on what an iterator gives, one after the other: it is asked for the next value when the work
 * on the one before is complete. Cold; errors with the first failure of either. The iterator is
 * closed (`return`) when it was not read to its end.
 */
export function pulled(
  start: () => Iterator<unknown> | AsyncIterator<unknown>,
  work: (value: unknown) => Observable<never>,
): Observable<never> {
  return new Observable((subscriber) => {
    const iterator = start();
    let finished = false;
    let working = Subscription.EMPTY;
    subscriber.add(() => {
      working.unsubscribe();
      if (!finished) Promise.resolve(iterator.return?.()).catch(() => {});
    });
    const failed = (error: unknown) => {
      finished = true;
      subscriber.error(error);
    };

    /** Pulls until a value or its work takes time; a loop, so that many values do not nest. */
    const pull = () => {
      for (let again = true; again && !subscriber.closed; ) {
        let result: IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>>;
        try {
          result = iterator.next();
        } catch (error) {
          failed(error);
          return;
        }
        if (typeof result !== 'object' || result === null) {
          failed(unusable('write()', 'an iterator that gives { value, done }', result));
          return;
        }
        if ('then' in result) {
          result.then((value) => {
            if (!subscriber.closed && given(value)) pull();
          }, failed);
          return;
        }
        again = given(result);
      }
    };

    /** Works on one value; true when it is complete already. */
    const given = ({ done, value }: IteratorResult<unknown>): boolean => {
      if (done === true) {
        finished = true;
        subscriber.complete();
        return false;
      }
      let settled = false;
      let waiting = false;
      working = work(value).subscribe({
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          settled = true;
          if (waiting) pull();
        },
      });
      waiting = true;
      return settled;
    };
    pull();
  });
}

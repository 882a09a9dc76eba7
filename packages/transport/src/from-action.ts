import { Observable } from 'rxjs';

/** A promise of nothing as an observable of nothing: cold, `start` runs for each subscription. */
export function fromAction(start: () => Promise<unknown>): Observable<never> {
  return new Observable((subscriber) => {
    start().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
  });
}

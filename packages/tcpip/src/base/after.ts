import { defer, Observable } from 'rxjs';

/**
 * Subscribes to what `next` returns once `first$` has completed, and holds nothing of `first$` from then on. As
 * `concat`, for what stays open: what a socket is made of lives as long as it.
 */
export function after<T>(first$: Observable<never>, next: () => Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    subscriber.add(
      first$.subscribe({
        error: (error) => subscriber.error(error),
        complete: () => defer(next).subscribe(subscriber),
      }),
    );
  });
}

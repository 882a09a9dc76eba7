import { dematerialize, materialize, type Observable, switchMap } from 'rxjs';

/**
 * Works with a resource that stays open until it is unsubscribed: closes it when the work has completed.
 *
 * @param resource$ emits the open resource and does not complete
 * @param work uses it while it is subscribed to
 * @returns completes as the work does; errors as either does
 */
export function withOpen<R, T>(
  resource$: Observable<R>,
  work: (resource: R) => Observable<T>,
): Observable<T> {
  return resource$.pipe(
    switchMap((resource) => work(resource).pipe(materialize())),
    dematerialize(),
  );
}

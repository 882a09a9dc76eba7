import { BehaviorSubject, defer, filter, finalize, type Observable, switchMap, take } from 'rxjs';

/**
 * Opens a port for one after the other: a subscriber waits while another one has it open. A modem
 * closes what it has opened before it releases its port.
 */
export function inTurn<T>(port: Observable<T>): Observable<T> {
  const isFree$ = new BehaviorSubject(true);
  return defer(() =>
    isFree$.pipe(
      filter((isFree) => isFree),
      take(1),
      switchMap(() => {
        isFree$.next(false);
        return port.pipe(finalize(() => isFree$.next(true)));
      }),
    ),
  );
}

import { defer, Observable } from 'rxjs';
import type { NetworkScope } from '../sockets/scope.js';

/**
 * Opens something in a lifetime of its own. Cold; ends as `open` does. Calls `onReleased` once after
 * that, or after it was unsubscribed from, when everything that it held has been given back.
 */
export function holding<T>(
  scope: NetworkScope,
  onReleased: (() => void) | undefined,
  open: (scope: NetworkScope) => Observable<T>,
): Observable<T> {
  if (onReleased === undefined) return defer(() => open(scope));
  return new Observable((subscriber) => {
    const lifetime = scope.lifetime.child();
    subscriber.add(() => lifetime.release().subscribe({ complete: onReleased }));
    subscriber.add(defer(() => open({ ...scope, lifetime })).subscribe(subscriber));
  });
}

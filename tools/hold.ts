import type { Observable } from 'rxjs';
import { onTestFinished } from 'vitest';

/** Subscribes until the running test has ended, and resolves to the first value. */
export function hold<T>(source: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const subscription = source.subscribe({ next: resolve, error: reject });
    onTestFinished(() => subscription.unsubscribe());
  });
}

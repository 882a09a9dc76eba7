import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { TransportError } from '../errors.js';

/** What is used of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Errors with `ABORTED`, the signal's reason as `cause`, as soon as `signal` is aborted, and
 * unsubscribes from the source. Without a signal it does nothing.
 */
export function abortable<T>(signal: AbortSignalLike | undefined): MonoTypeOperatorFunction<T> {
  if (signal === undefined) return (source) => source;
  return (source) =>
    new Observable((subscriber) => {
      const abort = () => {
        const message = `Aborted${signal.reason instanceof Error ? `: ${signal.reason.message}` : ''}.`;
        subscriber.error(new TransportError('ABORTED', message, signal.reason));
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort);
      subscriber.add(() => signal.removeEventListener('abort', abort));
      subscriber.add(source.subscribe(subscriber));
    });
}

import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { TransportError } from '../errors.js';

/** What is used of an `AbortSignal`. */
export interface AbortSignalLike {
  /** Whether the signal was aborted. */
  readonly aborted: boolean;
  /** Why it was aborted. */
  readonly reason?: unknown;
  /**
   * Registers a listener for the abort.
   *
   * @param type the event
   * @param listener called when the signal is aborted
   */
  addEventListener(type: 'abort', listener: () => void): void;
  /**
   * Removes a listener.
   *
   * @param type the event
   * @param listener called when the signal is aborted
   */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Errors with `ABORTED`, the signal's reason as `cause`, as soon as `signal` is aborted, and
 * unsubscribes from the source. Without a signal it does nothing.
 *
 * @param signal the signal; undefined for none
 * @returns an operator that ends its source when the signal is aborted
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

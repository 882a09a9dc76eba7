import { from, lastValueFrom, type Observable, type ObservableInput, type Subscription } from 'rxjs';
import { TransportError } from '../errors.js';
import { overlay } from '../overlay.js';
import { type AbortSignalLike, abortable } from './abortable.js';

/** What can be closed: a link, a network, a server. */
export interface Closable {
  /**
   * Ends it in good order; the observable or promise is done when it has.
   *
   * @returns an observable or a promise of the end
   */
  close(): ObservableInput<unknown>;
}

/** Something open that is closed at the end of its block: `await using port = await open(serial(…))`. */
export type Opened<T extends Closable> = T & {
  /** Closes it in good order and releases what it was opened from. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Subscribes to whatever opens something, a transport for instance, and gives the first thing that
 * it emits. Rejects with its error when that cannot be opened, with `TRANSPORT_CLOSED` when it
 * completes before, or with `ABORTED` when the signal is aborted before; aborted later, it is
 * released at once, without waiting for what is unsent.
 *
 * @param source opens the resource when subscribed to
 * @param options `signal` rejects the opening, or releases what is open
 * @returns a promise of the open resource, which `await using` closes
 */
export function open<T extends Closable>(
  source: Observable<T>,
  options: { readonly signal?: AbortSignalLike | undefined } = {},
): Promise<Opened<T>> {
  return new Promise((resolve, reject) => {
    let subscription: Subscription | undefined;
    const dispose = async (opened: T) => {
      // What cannot be closed any more is released all the same.
      await lastValueFrom(from(opened.close()), { defaultValue: undefined }).catch(() => {});
      subscription?.unsubscribe();
    };
    subscription = source.pipe(abortable(options.signal)).subscribe({
      next: (opened) => resolve(overlay(opened, { [Symbol.asyncDispose]: () => dispose(opened) })),
      error: reject,
      complete: () => reject(new TransportError('TRANSPORT_CLOSED', 'It ended before it was open.')),
    });
  });
}

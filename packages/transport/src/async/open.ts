import { lastValueFrom, type Observable, type Subscription } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import { overlay } from '../overlay.js';
import { type AbortSignalLike, abortable } from './abortable.js';

/** A link that closes at the end of its block: `await using port = await open(serial(…))`. */
export type Opened<L extends ByteLink> = L & {
  /** Sends what is queued, closes the link and releases the transport. */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Opens a transport and gives its link. Rejects when it cannot be opened, or with `ABORTED` when
 * the signal is aborted before it is open; aborted later, the link is closed at once.
 */
export function open<L extends ByteLink>(
  transport: Observable<L>,
  options: { readonly signal?: AbortSignalLike | undefined } = {},
): Promise<Opened<L>> {
  return new Promise((resolve, reject) => {
    let subscription: Subscription | undefined;
    const dispose = async (link: L) => {
      await lastValueFrom(link.close(), { defaultValue: undefined }).catch(() => {});
      subscription?.unsubscribe();
    };
    subscription = transport.pipe(abortable(options.signal)).subscribe({
      next: (link) => resolve(overlay(link, { [Symbol.asyncDispose]: () => dispose(link) })),
      error: reject,
      complete: () =>
        reject(new TransportError('TRANSPORT_CLOSED', 'The transport ended before it was open.')),
    });
  });
}

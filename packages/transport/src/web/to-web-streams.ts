import { lastValueFrom, type Subscription } from 'rxjs';
import { type AbortSignalLike, abortable } from '../async/abortable.js';
import type { ByteLink } from '../byte-link.js';

/** The two halves of a link as the platform's streams. */
export interface WebStreams {
  /** What the link receives. */
  readonly readable: ReadableStream<Uint8Array>;
  /** What is written to the link. */
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * A link as Web Streams. The link is paused while the readable has no reader; it closes with the
 * link and errors when the link is lost. A write of the writable ends when the link has accepted it;
 * closing the writable ends the outgoing direction where the link can, else the link. Cancelling
 * the readable, or aborting the writable, closes the link; a write under way fails then.
 *
 * @param link the link; the streams are its only user from now on
 * @returns the streams
 */
export function toWebStreams(link: ByteLink): WebStreams {
  const done = (work: ReturnType<ByteLink['close']>) => lastValueFrom(work, { defaultValue: undefined });
  let subscription: Subscription | undefined;
  const readable = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        subscription = link.received$.subscribe({
          next(bytes) {
            controller.enqueue(bytes);
            if ((controller.desiredSize ?? 0) <= 0) link.pause();
          },
          error: (error: unknown) => controller.error(error),
          complete: () => controller.close(),
        });
      },
      pull: () => link.resume(),
      cancel() {
        subscription?.unsubscribe();
        return done(link.close());
      },
    },
    { highWaterMark: 65_536, size: (bytes) => bytes?.length ?? 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (bytes, controller) => done(link.write(bytes).pipe(abortable(signalOf(controller)))),
    close: () => done(link.end?.() ?? link.close()),
    abort: () => done(link.close()),
  });
  return { readable, writable };
}

/** What every `WritableStreamDefaultController` has; the types of Node 20 do not tell. */
function signalOf(controller: object & { readonly signal?: AbortSignalLike }): AbortSignalLike | undefined {
  return controller.signal;
}

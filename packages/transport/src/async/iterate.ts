import type { ByteLink } from '../byte-link.js';

/** Bytes that wait for the loop before the link is paused. */
const HIGH_WATER = 65_536;

/**
 * The received bytes of a link for `for await`. The link is paused while the loop is busy, so at
 * most 64 KiB and one chunk wait. Ends when the link has ended, throws when it was lost. Leaving
 * the loop lets go of the link without closing it.
 *
 * @param link the link to read from
 * @returns the chunks, in order
 * @throws the error of a lost link
 */
export async function* iterate(link: ByteLink): AsyncGenerator<Uint8Array, void, undefined> {
  const queue: Uint8Array[] = [];
  let waiting = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake = () => {};
  const subscription = link.received$.subscribe({
    next(bytes) {
      queue.push(bytes);
      waiting += bytes.length;
      if (waiting >= HIGH_WATER) link.pause();
      wake();
    },
    error(error: unknown) {
      end = { error };
      wake();
    },
    complete() {
      end = {};
      wake();
    },
  });
  try {
    for (;;) {
      const bytes = queue.shift();
      if (bytes !== undefined) {
        waiting -= bytes.length;
        if (waiting === 0) link.resume();
        yield bytes;
      } else if (end !== undefined) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    subscription.unsubscribe();
    link.resume();
  }
}

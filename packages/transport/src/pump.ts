import { Observable, Subscription } from 'rxjs';
import type { ByteLink } from './byte-link.js';
import { assertGiven, assertLink } from './given.js';

/** Settings of {@link pump}. */
export interface PumpOptions {
  /**
   * Bytes that may be on their way before `from` is paused; it is resumed at half of that. More
   * lets a slow writer gather larger chunks. Default 16384.
   */
  readonly highWater?: number | undefined;
}

/**
 * Copies everything that `from` receives to `to`, and lets `to` set the pace.
 *
 * Cold. Emits the size of each chunk, in bytes, once `to` has accepted it; completes when `from` has
 * ended and everything is accepted; errors when either link fails. Neither link is closed, then or on
 * unsubscribing. At most `highWater` bytes and one chunk are in memory.
 *
 * @param from the link that receives the bytes
 * @param to the link that they are written to
 * @param options how much may be in memory
 * @returns a cold observable of the size of each chunk that was accepted, in bytes
 */
export function pump(from: ByteLink, to: ByteLink, options: PumpOptions = {}): Observable<number> {
  return new Observable<number>((subscriber) => {
    assertLink('pump()', from);
    assertLink('pump()', to);
    assertGiven('pump()', options, '{ highWater: 16_384 }');
    const highWater = options.highWater ?? 16_384;
    const writes = new Subscription();
    let pending = 0;
    let paused = false;
    let ended = false;

    const accepted = (size: number) => {
      pending -= size;
      subscriber.next(size);
      if (ended && pending === 0) subscriber.complete();
      else if (paused && pending <= highWater / 2) {
        paused = false;
        from.resume();
      }
    };

    subscriber.add(writes);
    const reading = from.received$.subscribe({
      next(bytes) {
        pending += bytes.length;
        if (!paused && pending >= highWater) {
          paused = true;
          from.pause();
        }
        const write = to.write(bytes).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => accepted(bytes.length),
        });
        if (!write.closed) {
          writes.add(write);
          write.add(() => writes.remove(write));
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete() {
        ended = true;
        if (pending === 0) subscriber.complete();
      },
    });
    subscriber.add(reading);
    subscriber.add(() => {
      if (paused) from.resume();
    });
  });
}

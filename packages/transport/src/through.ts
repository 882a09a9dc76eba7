import { Observable, type OperatorFunction } from 'rxjs';
import type { ByteLink } from './byte-link.js';
import { assertLink } from './given.js';
import type { Chunk } from './write-data.js';

/**
 * Writes to `link` what the source emits, and emits what the link receives: a request and its
 * response as one observable, with one error for both directions.
 *
 * ```ts
 * net.connect({ host: 'example.com', port: 80 }).pipe(
 *   switchMap((socket) => of('GET / HTTP/1.0\r\n\r\n').pipe(through(socket))),
 * )
 * ```
 *
 * Completes when the other side has closed, everything that it sent was emitted, and everything
 * that the source emitted was accepted. The source's own completion ends nothing: the response may
 * still be on its way. Errors once, with the error of the source, of a write, or of the link; when
 * the link has ended, what it received before is emitted first. Closes nothing: the link ends with
 * the subscription that opened it. Chunks that the source emits faster than the link accepts them
 * wait in memory; `bridge` and `pump` hold a link back instead.
 *
 * @param link the link that the source is written to
 * @returns an operator that emits what the link receives
 */
export function through(link: ByteLink): OperatorFunction<Chunk, Uint8Array> {
  return (source) =>
    new Observable((subscriber) => {
      assertLink('through()', link);
      let writes = 0;
      let received = false;
      let failure: { readonly error: unknown } | undefined;
      let hasEnded = false;

      const settle = () => {
        if (!received) return;
        if (failure !== undefined) subscriber.error(failure.error);
        else if (writes === 0) subscriber.complete();
      };
      const failed = (error: unknown) => {
        // The end of the link fails its writes at once; what it received before comes first.
        failure ??= { error };
        if (hasEnded) settle();
        else subscriber.error(error);
      };

      subscriber.add(
        link.ended$.subscribe(() => {
          hasEnded = true;
        }),
      );
      subscriber.add(
        link.received$.subscribe({
          next: (bytes) => subscriber.next(bytes),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            received = true;
            settle();
          },
        }),
      );
      subscriber.add(
        source.subscribe({
          error: (error: unknown) => subscriber.error(error),
          next: (chunk) => {
            writes += 1;
            const write = link.write(chunk).subscribe({
              error: failed,
              complete: () => {
                writes -= 1;
                settle();
              },
            });
            subscriber.add(write);
            write.add(() => subscriber.remove(write));
          },
        }),
      );
    });
}

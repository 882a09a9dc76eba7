import { Observable, type OperatorFunction } from 'rxjs';
import { createDecoder, type DecoderLimits } from './decoder/decoder.js';
import type { Dialect } from './decoder/dialect.js';
import type { AtEvent } from './decoder/events.js';

/**
 * An operator that decodes the bytes of a module: `bytes$.pipe(decodeAt(a7600))`.
 *
 * Each subscription has a decoder of its own, in line mode without prompts, which suits listening
 * along. What is held when the source completes comes out as noise.
 */
export function decodeAt(dialect: Dialect, limits?: DecoderLimits): OperatorFunction<Uint8Array, AtEvent> {
  return (bytes$) =>
    new Observable((subscriber) => {
      const decoder = createDecoder(dialect, (event) => subscriber.next(event), limits);
      return bytes$.subscribe({
        next: (chunk) => decoder.push(chunk),
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          decoder.end();
          subscriber.complete();
        },
      });
    });
}

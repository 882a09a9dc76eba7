import { Observable, type OperatorFunction } from 'rxjs';
import { createDecoder, type DecoderLimits } from './decoder/decoder.js';
import type { Dialect } from './decoder/dialect.js';
import type { AtEvent } from './decoder/events.js';

/**
 * Decodes the bytes of a module: `bytes$.pipe(decodeAt(a7600))`.
 *
 * Each subscription has a decoder of its own, in line mode without prompts, which suits a program that only
 * listens. What is held when the source completes is emitted as noise.
 *
 * @param dialect - How the module's lines are recognised.
 * @param limits - Bounds of what a decoder holds.
 * @returns An operator; its observable is as cold or hot as its source, and ends with it.
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

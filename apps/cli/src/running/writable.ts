import { Writable } from 'node:stream';
import type { Output } from '../console.js';

/**
 * An output as a stream, for payload.
 *
 * @param output standard output, or what a test has in its place
 * @returns the same, if it is a stream
 */
export function writableOf(output: Output): Writable {
  if (output instanceof Writable) return output;
  return new Writable({
    write(chunk, _, callback) {
      output.write(chunk as Uint8Array);
      callback();
    },
  });
}

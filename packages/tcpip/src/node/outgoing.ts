import type { Writable } from 'node:stream';
import { Observable } from 'rxjs';
import type { ModemLink } from './modem-network.js';

/** What a program writes. */
export type Chunk = Uint8Array | string;

/** What waits in a stream. */
export interface Buffered {
  readonly chunk: Chunk;
  readonly encoding: BufferEncoding;
}

/** What is handed to the link at a time, in bytes: whole blocks of the module. */
const PORTION = 4 * 1_500;

/** Sends in portions, so that a long write that makes progress is not idle. */
export function inPortions(link: ModemLink, bytes: Uint8Array, onProgress: () => void): Observable<never> {
  return new Observable((subscriber) => {
    let left = Math.max(1, Math.ceil(bytes.length / PORTION));
    const error = (cause: unknown) => subscriber.error(cause);
    const complete = () => {
      onProgress();
      left -= 1;
      if (left === 0) subscriber.complete();
    };
    const portions = left;
    for (let index = 0; index < portions && !subscriber.closed; index++) {
      const portion = bytes.subarray(index * PORTION, (index + 1) * PORTION);
      subscriber.add(link.write(portion).subscribe({ error, complete }));
    }
  });
}

/** Returns what is written as bytes. */
export function bytesOf(chunk: Chunk, encoding: BufferEncoding): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}

/** Returns the number of bytes that wait in a stream: strings wait as they were written. */
export function bufferedBytes(stream: Writable): number {
  const { writableBuffer = [] } = stream as unknown as { readonly writableBuffer?: readonly Buffered[] };
  return writableBuffer.reduce((sum, { chunk, encoding }) => sum + lengthOf(chunk, encoding), 0);
}

function lengthOf(chunk: Chunk, encoding: BufferEncoding): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
}

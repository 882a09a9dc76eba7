import { concatMap, defer, isObservable, type Observable, throwError } from 'rxjs';
import { unusable } from './given.js';
import { pulled } from './pulled.js';

/** A part of what is written: bytes, or text that is sent as UTF-8. */
export type Chunk = Uint8Array | string;

/**
 * What `write` accepts: bytes, a string (sent as UTF-8), or a stream of these.
 *
 * An iterable or an async iterable (a generator, a Node `Readable`, a `ReadableStream`) is asked for
 * its next chunk when the link has accepted the one before, so the link sets its pace. An observable
 * is written in order, too; it cannot be held back, so what it emits too early waits in memory.
 */
export type WriteData = Chunk | Observable<Chunk> | Iterable<Chunk> | AsyncIterable<Chunk>;

/**
 * Makes the `write` of a link from a function that sends bytes: the one place where strings are
 * encoded, streams are taken apart, and arguments are checked.
 *
 * Cold. What cannot be written fails that write with `INVALID_ARGUMENT`; nothing is ever thrown.
 * Chunks of a stream are sent one after the other; other writes may go in between.
 *
 * @param send sends bytes; completes when the link has accepted them
 * @returns the `write` of the link
 */
export function writing(
  send: (bytes: Uint8Array) => Observable<never>,
): (data: WriteData) => Observable<never> {
  return (data) => (data instanceof Uint8Array ? send(data) : defer(() => sendOther(data, send)));
}

/**
 * Bytes as they are, a string as UTF-8; throws `INVALID_ARGUMENT` for anything else.
 *
 * @param data what the caller wants to write
 * @param name the call that the error message names
 * @returns the bytes to send
 * @throws `INVALID_ARGUMENT` if `data` is neither bytes nor a string
 */
export function bytesOf(data: unknown, name = 'write()'): Uint8Array {
  if (isBytes(data)) return data;
  if (typeof data === 'string') return new TextEncoder().encode(data);
  throw unusable(name, 'bytes (Uint8Array) or a string (sent as UTF-8)', data);
}

function sendOther(data: unknown, send: (bytes: Uint8Array) => Observable<never>): Observable<never> {
  if (typeof data === 'string' || isBytes(data)) return defer(() => send(bytesOf(data)));
  const chunks$ = streamOf(data);
  if (chunks$ !== undefined) {
    const chunk$ = (chunk: unknown) => defer(() => send(bytesOf(chunk, 'The stream given to write()')));
    return 'observable' in chunks$
      ? chunks$.observable.pipe(concatMap(chunk$))
      : pulled(chunks$.iterator, chunk$);
  }
  const expected = 'bytes (Uint8Array), a string (sent as UTF-8), or an observable or iterable of these';
  return throwError(() => unusable('write()', expected, data));
}

type Stream =
  | { readonly observable: Observable<unknown> }
  | { readonly iterator: () => Iterator<unknown> | AsyncIterator<unknown> };

function streamOf(data: unknown): Stream | undefined {
  if (isObservable(data)) return { observable: data };
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return undefined;
  const iterator: unknown = Reflect.get(data, Symbol.asyncIterator) ?? Reflect.get(data, Symbol.iterator);
  return typeof iterator === 'function' ? { iterator: () => iterator.call(data) } : undefined;
}

/** Also those of another realm, such as a test runner's. */
function isBytes(data: unknown): data is Uint8Array {
  return data instanceof Uint8Array || Object.prototype.toString.call(data) === '[object Uint8Array]';
}

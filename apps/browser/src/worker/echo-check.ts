import type { MemoryNetwork } from '@a7600/testing';
import { map, Observable, scan, switchMap, takeWhile } from 'rxjs';

/** Bytes that the check sends. */
const SIZE = 20_000;

/**
 * Calls the echo server on the module from outside, sends it bytes and compares what comes back. Emits the result in
 * words.
 */
export function echoCheck(outside: MemoryNetwork, size = SIZE): Observable<string> {
  const sent = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 256);
  return outside.callIn(7).pipe(
    switchMap(
      (client) =>
        new Observable<Uint8Array>((subscriber) => {
          subscriber.add(
            client.received$.subscribe({
              next: (bytes) => subscriber.next(bytes),
              error: (error: unknown) => subscriber.error(error),
              complete: () =>
                subscriber.error(new Error('the server hung up before all bytes had come back.')),
            }),
          );
          subscriber.add(
            client.write(sent).subscribe({ error: (error: unknown) => subscriber.error(error) }),
          );
          subscriber.add(() => client.close().subscribe());
        }),
    ),
    scan((received, bytes) => {
      const wrong = bytes.findIndex((byte, at) => byte !== sent[received + at]);
      if (wrong >= 0) throw new Error(`byte ${received + wrong} came back as another one.`);
      return received + bytes.length;
    }, 0),
    takeWhile((received) => received < size, true),
    map((received) => {
      const total = size.toLocaleString('en');
      return received < size
        ? `${received.toLocaleString('en')} of ${total} bytes came back.`
        : `All ${total} bytes came back.`;
    }),
  );
}

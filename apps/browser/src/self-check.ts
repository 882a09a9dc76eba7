import type { MemoryNetwork } from '@a7600/testing';
import { Observable, switchMap } from 'rxjs';

const SIZE = 20_000;

/** Calls the echo server from outside, and emits how many bytes came back once all did. */
export function selfCheck(outside: MemoryNetwork): Observable<number> {
  const sent = Uint8Array.from({ length: SIZE }, (_, index) => (index * 31 + (index >> 8)) % 256);
  return outside.callIn(7).pipe(
    switchMap(
      (client) =>
        new Observable<number>((subscriber) => {
          let received = 0;
          subscriber.add(
            client.received$.subscribe({
              next(bytes) {
                const wrong = bytes.findIndex((byte, at) => byte !== sent[received + at]);
                if (wrong >= 0) subscriber.error(new Error(`byte ${received + wrong} is another one`));
                received += bytes.length;
                if (received !== SIZE) return;
                subscriber.next(received);
                subscriber.complete();
              },
              error: (error: unknown) => subscriber.error(error),
            }),
          );
          subscriber.add(
            client.write(sent).subscribe({ error: (error: unknown) => subscriber.error(error) }),
          );
          subscriber.add(() => client.close().subscribe());
        }),
    ),
  );
}

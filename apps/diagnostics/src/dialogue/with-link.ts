import type { ByteLink, Transport } from '@a7600/transport';
import { concat, exhaustMap, map, type Observable, of, takeWhile } from 'rxjs';

/** Opens a link for some work, and closes it when the work is complete. Cold. */
export function withLink<T>(transport: Transport, work: (link: ByteLink) => Observable<T>): Observable<T> {
  return transport.pipe(
    exhaustMap((link) => concat(work(link).pipe(map((value) => ({ value }))), of(undefined))),
    takeWhile((item) => item !== undefined),
    map((item) => (item as { readonly value: T }).value),
  );
}

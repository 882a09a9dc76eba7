import { type ByteLink, bridge, pump, reconnect, type Transport, tapLink, through } from '@a7600/transport';
import { type Observable, of } from 'rxjs';

/** One request and what the device answers, with one error for both. */
export const ask = (link: ByteLink, request: string): Observable<Uint8Array> =>
  of(request).pipe(through(link));

/** Everything that `from` receives goes to `to`; emits the size of each chunk that was accepted. */
export const copy = (from: ByteLink, to: ByteLink): Observable<number> => pump(from, to);

/** Both directions at once. Reports the byte counts, and at the end which link ended and why. */
export const connect = (a: ByteLink, b: ByteLink, log: (line: string) => void) =>
  bridge(a, b).subscribe(({ aToB, bToA, ended }) => {
    if (ended !== undefined) log(`${aToB} there, ${bToA} back; ${ended.link} ended (${ended.reason.by})`);
  });

/** A port that is opened again after a loss, and whose bytes are counted. */
export const watched = (port: Transport, count: (size: number) => void): Transport =>
  port.pipe(
    reconnect({ firstDelay: 500, lastDelay: 30_000 }),
    tapLink({ received: (bytes) => count(bytes.length) }), // what it leaves out costs nothing
  );

import { modem } from '@a7600/tcpip';
import { type Transport, through } from '@a7600/transport';
import { first, map, type Observable, of, type SchedulerLike, switchMap } from 'rxjs';

/** The same question over a transparent session: the serial line is the connection. */
export function askTransparently(
  port: Transport,
  line: string,
  scheduler?: SchedulerLike,
): Observable<string> {
  return modem(port, { scheduler }).pipe(
    switchMap((m) => m.network({ apn: 'internet', transparent: true })),
    switchMap((net) => net.transparent({ host: 'example.com', port: 4000 })),
    switchMap((session) => of(`${line}\n`).pipe(through(session))),
    map((bytes) => new TextDecoder().decode(bytes)),
    first(), // unsubscribes, which leaves data mode and closes the connection
  );
}

import { keepOnline } from '@a7600/tcpip';
import { pump, reconnect, type Transport } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, type Observable, switchMap } from 'rxjs';

/** An echo server that comes back whatever happens, and says what it does about it. */
export function stayOnline(transport: Transport, log: (line: string) => void): Observable<unknown> {
  const network$ = keepOnline(transport, {
    onStep: ({ level, delay, error }) => log(`${level} in ${delay} ms, after: ${(error as Error).message}`),
  });
  return network$.pipe(
    switchMap((net) => net.listen({ port: 7 }).pipe(reconnect())),
    mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))),
  );
}

import { modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { catchError, concat, EMPTY, mergeMap, type Observable, type SchedulerLike, switchMap } from 'rxjs';

/** A server that greets each client with its address, and hangs up. */
export function greet(port: Transport, scheduler?: SchedulerLike): Observable<never> {
  return modem(port, { scheduler }).pipe(
    switchMap((m) => m.network({ apn: 'internet' })),
    switchMap((net) => net.listen({ port: 2323 })),
    mergeMap((client) =>
      concat(client.write(`Hello, ${client.remote.host}.\n`), client.delivered(), client.close()).pipe(
        catchError(() => EMPTY), // one client that hangs up is no reason to end the server
      ),
    ),
  );
}

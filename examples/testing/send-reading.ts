import { modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { concat, first, ignoreElements, type Observable, type SchedulerLike, switchMap } from 'rxjs';

/** Sends one reading to a server, and completes when the server has acknowledged it. */
export function sendReading(port: Transport, reading: number, scheduler?: SchedulerLike): Observable<never> {
  return modem(port, { scheduler }).pipe(
    switchMap((m) => m.network({ apn: 'internet' })),
    switchMap((net) => net.connect({ host: 'example.com', port: 4000 })),
    switchMap((socket) => concat(socket.write(`${reading}\n`), socket.delivered(), ['sent'])),
    first(), // unsubscribes, which closes socket, network and modem
    ignoreElements(),
  );
}

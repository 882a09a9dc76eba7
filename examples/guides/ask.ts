import { modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { concat, first, map, type Observable, type SchedulerLike, switchMap } from 'rxjs';

/** Sends a line to a server, and emits the first chunk that it answers. */
export function ask(port: Transport, line: string, scheduler?: SchedulerLike): Observable<string> {
  return modem(port, { scheduler }).pipe(
    switchMap((m) => m.network({ apn: 'internet' })),
    switchMap((net) => net.connect({ host: 'example.com', port: 4000 })),
    switchMap((socket) => concat(socket.write(`${line}\n`), socket.received$)),
    map((bytes) => new TextDecoder().decode(bytes)),
    first(), // unsubscribes, which closes socket, network and modem
  );
}

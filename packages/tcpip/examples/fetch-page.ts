import { modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { first, map, type Observable, switchMap, toArray } from 'rxjs';

/** What a web server answers, over a modem at the other end of `transport`. */
export function fetchPage(transport: Transport, host: string): Observable<string> {
  const request = new TextEncoder().encode(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
  return modem(transport).pipe(
    switchMap((m) => m.network({ apn: 'internet' })),
    switchMap((net) => net.connect({ host, port: 80 })),
    switchMap((socket) => {
      socket.write(request).subscribe();
      return socket.received$.pipe(toArray()); // emits when the server has closed
    }),
    first(), // unsubscribes, which closes network and modem
    map((pieces) => pieces.map((bytes) => new TextDecoder().decode(bytes, { stream: true })).join('')),
  );
}

import { modem } from '@a7600/tcpip';
import { type Transport, through } from '@a7600/transport';
import { first, map, type Observable, of, switchMap, toArray } from 'rxjs';

/** What a web server answers, over a modem at the other end of `transport`. */
export function fetchPage(transport: Transport, host: string): Observable<string> {
  const request = `GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`;
  const utf8 = new TextDecoder();
  return modem(transport).pipe(
    switchMap((m) => m.network({ apn: 'internet' })),
    switchMap((net) => net.connect({ host, port: 80 })),
    switchMap((socket) => of(request).pipe(through(socket), toArray())), // emits when the server has closed
    first(), // unsubscribes, which closes network and modem
    map((chunks) => chunks.map((bytes) => utf8.decode(bytes, { stream: true })).join('')),
  );
}

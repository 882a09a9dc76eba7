import { modem } from '@a7600/tcpip';
import { last, map, merge, scan, switchMap, takeWhile, tap } from 'rxjs';
import { port, print } from './playground.js';

const request = 'GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n';
const text = new TextDecoder();

/** Fetches a page through the modem, prints it, and closes everything. */
export const program = modem(port).pipe(
  switchMap((m) => m.network({ apn: 'internet' })),
  switchMap((net) => net.connect({ host: 'example.com', port: 80 })),
  switchMap((socket) => merge(socket.write(request), socket.received$)),
  map((bytes) => text.decode(bytes, { stream: true })),
  scan((page, chunk) => page + chunk, ''),
  takeWhile((page) => !page.endsWith('</p>\n'), true),
  last(),
  tap(print),
);

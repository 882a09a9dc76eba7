import { keepOnline } from '@a7600/tcpip';
import { pump, reconnect } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, switchMap } from 'rxjs';
import { port, print } from './playground.js';

/** Returns every byte that a client sends, and stays online whatever happens. */
export const program = keepOnline(port, {
  onStep: ({ level, delay }) => print(`${level} in ${delay} ms`),
}).pipe(
  switchMap((net) =>
    net.listen({ port: 7, onListening: () => print('Listening on port 7.') }).pipe(reconnect()),
  ),
  mergeMap((client) => {
    print(`${client.remote.host} connects.`);
    return pump(client, client).pipe(catchError(() => EMPTY));
  }),
);

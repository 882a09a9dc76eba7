import { type ModemOptions, modem, type Network, type TcpSocket } from '@a7600/tcpip';
import { pump, type Transport } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, type Observable, switchMap, tap } from 'rxjs';

/** The port to listen on, the way into the network, and who is told what happens. */
export interface EchoServerOptions extends ModemOptions {
  readonly port: number;
  readonly apn?: string | undefined;
  readonly onListening: (network: Network) => void;
  readonly onClient: (client: TcpSocket) => void;
  readonly onBroken: (client: TcpSocket, error: unknown) => void;
}

/**
 * A TCP echo server on a modem. The subscription is its whole life: unsubscribing closes the
 * clients, the server, the network and the port, in this order. Emits the bytes of each piece.
 */
export function echoServer(transport: Transport, options: EchoServerOptions): Observable<number> {
  const { port, apn, onListening, onClient, onBroken } = options;

  const echo = (client: TcpSocket) =>
    pump(client, client).pipe(
      catchError((error: unknown) => {
        onBroken(client, error);
        return EMPTY;
      }),
    );

  return modem(transport, options).pipe(
    switchMap((m) => m.network({ apn })),
    switchMap((net) => net.listen({ port, onListening: () => onListening(net) })),
    tap(onClient),
    mergeMap(echo),
  );
}

import { type ModemOptions, type ModemPorts, modem, type Network, type TcpSocket } from '@a7600/tcpip';
import { pump, type Transport } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, type Observable, switchMap, tap } from 'rxjs';

/** The port to listen on, the access point, and callbacks for what happens. */
export interface EchoServerOptions extends ModemOptions {
  readonly port: number;
  readonly apn?: string | undefined;
  readonly onListening: (network: Network) => void;
  readonly onClient: (client: TcpSocket) => void;
  readonly onBroken: (client: TcpSocket, error: unknown) => void;
}

/**
 * Serves TCP echo on a modem while it is subscribed to. Unsubscribing closes the clients, the server, the network
 * and the port, in this order. Emits the size of each chunk that was echoed.
 */
export function echoServer(
  transport: Transport | ModemPorts,
  options: EchoServerOptions,
): Observable<number> {
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

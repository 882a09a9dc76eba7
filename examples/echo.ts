// A TCP echo server: npm run example examples/echo.ts [/dev/ttyUSB2 [APN]]
import { modem } from '@a7600/tcpip';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { pump } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { catchError, EMPTY, mergeMap, switchMap } from 'rxjs';

const [path, apn] = process.argv.slice(2);
const port = path ? serial({ path, baudRate: 115_200 }) : emulator({ network: hostNetwork() });

const server = modem(port).pipe(
  switchMap((m) => m.network({ apn })), // sets the APN, opens the network
  switchMap((net) => net.listen({ port: 7007, onListening: () => console.log('Listening on 7007.') })),
  mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))), // every byte back
);

const subscription = server.subscribe({ error: (error) => console.error(error.message) });
process.once('SIGINT', () => subscription.unsubscribe()); // closes clients, server, network and port

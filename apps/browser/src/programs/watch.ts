import { modem } from '@a7600/tcpip';
import { switchMap, tap } from 'rxjs';
import { port, print } from './playground.js';

/** Opens the modem and watches its signal. Nothing goes over the mobile network. */
export const program = modem(port).pipe(
  switchMap((m) => m.signalQuality$),
  tap(({ rssi }) => print(rssi > 31 ? 'no signal' : `${-113 + 2 * rssi} dBm`)),
);

import { modem } from '@a7600/tcpip';
import { first, map, merge, switchMap, tap, timer } from 'rxjs';
import { port, print } from './playground.js';

const EPOCHS = 2_208_988_800; // seconds from 1900, where NTP counts from, to 1970
const question = new Uint8Array(48).fill(0b00_100_011, 0, 1); // version 4, client

/** Asks a time server over UDP; asks again each second, because datagrams may be lost. */
export const program = modem(port).pipe(
  switchMap((m) => m.network({ apn: 'internet' })),
  switchMap((net) => net.bind({ port: 5_123, remote: { host: 'time.example', port: 123 } })),
  switchMap((socket) =>
    merge(timer(0, 1_000).pipe(switchMap(() => socket.send(question))), socket.datagrams$),
  ),
  first(),
  map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(40)),
  map((seconds) => new Date((seconds - EPOCHS) * 1_000)),
  tap((time) => print(`It is ${time.toISOString()}.`)),
);

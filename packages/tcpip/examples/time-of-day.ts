import type { Network } from '@a7600/tcpip';
import { first, map, merge, type Observable, switchMap } from 'rxjs';

/** Seconds between the epochs of NTP, 1900, and of JavaScript, 1970. */
const EPOCHS = 2_208_988_800;

/** The time that an SNTP server tells, over UDP. */
export function timeOfDay(network: Network, host: string): Observable<Date> {
  const question = new Uint8Array(48).fill(0b00_100_011, 0, 1); // version 4, client
  return network.bind({ port: 5_123, remote: { host, port: 123 } }).pipe(
    switchMap((socket) => merge(socket.send(question), socket.datagrams$)),
    first(), // unsubscribes, which closes the socket
    map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(40)),
    map((seconds) => new Date((seconds - EPOCHS) * 1_000)),
  );
}

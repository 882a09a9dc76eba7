import { createSocket } from 'node:dgram';
import { Observable, Subject, switchMap } from 'rxjs';
import type { Datagram, DatagramSocket } from '../networks/network.js';
import { networkError } from './host-errors.js';
import type { Reach } from './reach.js';

/**
 * Opens a real UDP port that the module knows as `port`. Cold; emits it once, unsubscribing closes
 * it. Without an `address` it is open on all of them.
 */
export function bindDatagrams(
  port: number,
  realPort: number,
  address: string | undefined,
  within: Reach,
): Observable<DatagramSocket> {
  return new Observable((subscriber) => {
    const socket = createSocket('udp4');
    const received = new Subject<Datagram>();
    socket.on('message', (bytes, { address: host, port: from }) => {
      received.next({ bytes: new Uint8Array(bytes), from: { host, port: from } });
    });
    socket.on('error', (error) => subscriber.error(networkError(error)));
    socket.bind({ port: realPort, ...(address !== undefined && { address }) }, () => {
      subscriber.next({
        port: port === 0 ? socket.address().port : port,
        received$: received.asObservable(),
        send: (bytes, to) =>
          within.find(to).pipe(
            switchMap(
              (found) =>
                new Observable<never>((sent) => {
                  socket.send(bytes, found.port, found.host, (error) => {
                    if (error === null) sent.complete();
                    else sent.error(networkError(error));
                  });
                }),
            ),
          ),
      });
    });
    return () => {
      socket.removeAllListeners('error').on('error', () => {});
      socket.close();
    };
  });
}

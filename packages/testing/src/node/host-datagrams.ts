import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Observable, Subject, switchMap } from 'rxjs';
import type { Datagram, DatagramSocket, Endpoint } from '../networks/network.js';
import { networkError } from './host-errors.js';
import { isLoopback, type Reach } from './reach.js';

/**
 * Opens a real UDP port of loopback that the module knows as `port`. Cold; emits it once,
 * unsubscribing closes it.
 *
 * What goes beyond loopback leaves from a socket of its own for each peer, which hears that peer
 * alone: no other program can send to the module.
 */
export function bindDatagrams(
  port: number,
  realPort: number,
  address: string,
  within: Reach,
): Observable<DatagramSocket> {
  return new Observable((subscriber) => {
    const socket = createSocket('udp4');
    const received = new Subject<Datagram>();
    const beyond = new Map<string, Observable<Socket>>();
    const opened = new Set<Socket>([socket]);
    const hear = (bytes: Uint8Array, { address: host, port: from }: RemoteInfo) =>
      received.next({ bytes: new Uint8Array(bytes), from: { host, port: from } });

    /** The socket for a peer beyond loopback. */
    const towards = ({ host, port: remotePort }: Endpoint) => {
      const key = `${host}:${remotePort}`;
      const known = beyond.get(key);
      if (known !== undefined) return known;
      const own = createSocket('udp4').on('message', hear);
      opened.add(own);
      const connected = new Observable<Socket>((ready) => {
        const done = () => {
          ready.next(own);
          ready.complete();
        };
        own.on('error', (error) => ready.error(networkError(error)));
        if (isConnected(own)) done();
        else own.once('connect', done);
      });
      beyond.set(key, connected);
      own.connect(remotePort, host);
      return connected;
    };

    socket.on('message', hear);
    socket.on('error', (error) => subscriber.error(networkError(error)));
    socket.bind({ port: realPort, address }, () => {
      subscriber.next({
        port: port === 0 ? socket.address().port : port,
        received$: received.asObservable(),
        send: (bytes, to) =>
          within
            .find(to)
            .pipe(
              switchMap((found) =>
                isLoopback(found.host)
                  ? sent((done) => socket.send(bytes, found.port, found.host, done))
                  : towards(found).pipe(switchMap((own) => sent((done) => own.send(bytes, done)))),
              ),
            ),
      });
    });
    return () => {
      for (const each of opened) {
        each.removeAllListeners('error').on('error', () => {});
        each.close();
      }
    };
  });
}

function isConnected(socket: Socket): boolean {
  try {
    return socket.remoteAddress() !== undefined;
  } catch {
    return false;
  }
}

/** Sends one datagram; completes when it has left. */
function sent(send: (done: (error: Error | null) => void) => void): Observable<never> {
  return new Observable((subscriber) => {
    send((error) => {
      if (error === null) subscriber.complete();
      else subscriber.error(networkError(error));
    });
  });
}

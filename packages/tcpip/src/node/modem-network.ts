import { isObservable, type Observable, of } from 'rxjs';
import type { Network } from '../network/network.js';
import type { TcpSocket } from '../sockets/tcp-socket.js';
import type { UdpSocket } from '../sockets/udp-socket.js';

/** What the Node adapters need of a network. */
export type ModemNetwork = Pick<Network, 'address' | 'links$' | 'receive' | 'resolve'> & {
  connect(options: Parameters<Network['connect']>[0]): Observable<ModemLink>;
  listen(options: Parameters<Network['listen']>[0]): Observable<ModemLink>;
  bind(options: Parameters<Network['bind']>[0]): Observable<ModemDatagrams>;
};

/** What they need of a TCP connection. */
export type ModemLink = Pick<
  TcpSocket,
  'remote' | 'received$' | 'ended$' | 'write' | 'pause' | 'resume' | 'close'
>;

/** What they need of a UDP socket. */
export type ModemDatagrams = Pick<UdpSocket, 'datagrams$' | 'send'>;

/**
 * An open network, or an observable of networks for programs that are to survive the loss of one:
 * each connection takes the newest. The observable should replay that one
 * (`shareReplay({ bufferSize: 1, refCount: true })`), and has to be kept subscribed. A connection that is made while that
 * one is lost, and the next one not yet open, fails with `ENETDOWN`; before the first one it waits.
 */
export type NetworkSource = ModemNetwork | Observable<ModemNetwork>;

/** The network to open something in. */
export function networkOf(source: NetworkSource): Observable<ModemNetwork> {
  return isObservable(source) ? source : of(source);
}

import { map, type Observable, switchMap } from 'rxjs';
import { type DatagramSocket, type Endpoint, isAddress, type Network } from './network.js';

/**
 * Lets a network look up names at servers that the module chooses.
 *
 * @param servers Called at each name: the addresses of the servers, or undefined for the network's own.
 * @returns The network as the module sees it.
 */
export function asking(network: Network, servers: () => readonly string[] | undefined): Network {
  const resolve = (name: string) => network.resolve(name, servers());
  /** Does something with an endpoint whose name, if it has one, is looked up first. */
  const located = <T>(to: Endpoint, work: (to: Endpoint) => Observable<T>) =>
    servers() === undefined || isAddress(to.host)
      ? work(to)
      : resolve(to.host).pipe(switchMap(([host = to.host]) => work({ ...to, host })));
  const datagrams = (socket: DatagramSocket): DatagramSocket => ({
    ...socket,
    send: (bytes, to) => located(to, (found) => socket.send(bytes, found)),
  });
  return {
    address: network.address,
    ...(network.mobile && { mobile: network.mobile }),
    ...(network.ping && { ping: network.ping.bind(network) }),
    ...(network.secure && { secure: network.secure.bind(network) }),
    listen: (port) => network.listen(port),
    resolve,
    connect: (to: Endpoint, localPort?: number) => located(to, (found) => network.connect(found, localPort)),
    bind: (port: number) => network.bind(port).pipe(map(datagrams)),
  };
}

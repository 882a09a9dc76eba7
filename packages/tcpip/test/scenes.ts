import type { NetworkOptions } from '../src/network/options.js';
import type { TcpSocket } from '../src/socket/tcp-socket.js';
import { openNetwork, type Recording, record, type World } from './world.js';

type OpenNetwork = ReturnType<typeof openNetwork>;

/** A module that is listening on port 7, and what it accepts. */
export function listening(
  w: World,
  options?: NetworkOptions,
): { network: OpenNetwork; clients: Recording<TcpSocket> } {
  const network = openNetwork(w, options);
  const clients = record(network.last.listen({ port: 7 }));
  w.advance(10);
  return { network, clients };
}

/** A remote client that is connected to port 7, and what it receives. */
export function caller(w: World) {
  const link = record(w.outside.callIn(7)).last;
  return Object.assign(record(link.received$), { link });
}

/** A socket in an open network, the remote server that it is connected to, and what that receives. */
export function connection(w: World, network: OpenNetwork, host = 'example.com') {
  const accepted = record(w.outside.serve(host, 80));
  const socket = record(network.last.connect({ host, port: 80 }));
  w.advance(10);
  return { socket, far: accepted.last, arrived: record(accepted.last.received$) };
}

/** The same in a network that is opened for it. */
export function connected(w: World, options?: NetworkOptions) {
  const network = openNetwork(w, options);
  return { network, ...connection(w, network) };
}

/** The lines that the module has printed from the `from`th trace entry on, without blocks of data. */
export function linesSince(w: World, from: number): string[] {
  return w.trace
    .slice(from)
    .flatMap((entry) => (entry.kind === 'received' && 'text' in entry.event ? [entry.event.text] : []));
}

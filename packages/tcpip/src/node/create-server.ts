import type { NetworkSource } from './modem-network.js';
import { ModemServer, type ModemServerOptions, type ServerToHand } from './server.js';
import type { ModemSocket } from './socket.js';

/**
 * Makes a {@link ModemServer}: `createServer(net, (socket) => socket.pipe(socket)).listen(7)`, or
 * `createServer(net, http.createServer(…)).listen(80)` for a server that clients are handed to.
 *
 * @param source The network, or an observable of networks.
 * @param first Settings, or the second parameter.
 * @param second Called with each client, or a server of Node to which each is given.
 * @returns A server that does not listen yet.
 */
export function createServer(
  source: NetworkSource,
  first?: ModemServerOptions | ServerToHand | ((socket: ModemSocket) => void),
  second?: ServerToHand | ((socket: ModemSocket) => void),
): ModemServer {
  const handlers = [first, second];
  const options = handlers.find(
    (one): one is ModemServerOptions => typeof one === 'object' && !('emit' in one),
  );
  const server = new ModemServer(source, options);
  for (const handler of handlers) {
    if (typeof handler === 'function') server.on('connection', handler as () => void);
    else if (handler !== undefined && handler !== options) server.handTo(handler as ServerToHand);
  }
  return server;
}

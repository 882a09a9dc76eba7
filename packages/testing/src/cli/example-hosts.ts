import { catchError, concat, EMPTY, filter, mergeMap, scan, take } from 'rxjs';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import type { MemoryConnection } from '../networks/memory/tcp-pair.js';
import type { Network } from '../networks/network.js';

/** Names that are reserved for examples (RFC 2606), and an address that is (RFC 5737). */
const NAMES = ['example.com', 'example.org'];
const ADDRESS = '192.0.2.1';
const HTTP = 80;
/** Characters of a request that are kept: its end is what matters. */
const KEPT = 1_000;

const PAGE = 'This page comes from the emulator: nothing has left this computer.\n';
const RESPONSE = `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`;

/**
 * A network with a web server at `example.com` and `example.org` that is part of this process, so that a program finds
 * its way out before it is told where to go.
 *
 * @param network The rest of it.
 * @param allow Destinations that the network reaches. Where the real hosts are among them, they stay.
 * @returns The network with these hosts.
 */
export function withExampleHosts(network: Network, allow: readonly string[]): Network {
  if (allow.some((rule) => /^(?:\*|example\.(?:com|org)):/i.test(rule))) return network;
  const { internet, module } = memoryNetwork();
  internet
    .host(ADDRESS, { names: NAMES })
    .serve(HTTP)
    .pipe(mergeMap((client) => answered(client)))
    .subscribe();
  const isExample = (host: string) => host === ADDRESS || NAMES.includes(host.toLowerCase());
  return {
    ...network,
    connect: (to, localPort) => (isExample(to.host) ? module : network).connect(to, localPort),
    resolve: (name, servers) => (isExample(name) ? module : network).resolve(name.toLowerCase(), servers),
    ping: (address, size) => (address === ADDRESS ? module : network).ping?.(address, size) ?? EMPTY,
  };
}

/** Answers the first request of a client, and hangs up. Errors of its connection are its own. */
function answered(client: MemoryConnection) {
  return client.received$.pipe(
    scan((request, bytes) => (request + new TextDecoder('latin1').decode(bytes)).slice(-KEPT), ''),
    filter((request) => request.includes('\r\n\r\n')),
    take(1),
    mergeMap(() => concat(client.write(RESPONSE), client.close())),
    catchError(() => EMPTY),
  );
}

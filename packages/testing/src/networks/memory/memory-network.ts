import { defer, type Observable } from 'rxjs';
import type { MobileNetwork } from '../mobile/mobile-network.js';
import { isAddress, type Network } from '../network.js';
import type { HostConditions } from './conditions.js';
import type { MemoryHost } from './host.js';
import { type MemoryInternet, type MemoryInternetOptions, memoryInternet } from './internet.js';
import type { MemoryConnection } from './tcp-pair.js';

/** A {@link MemoryInternet} seen from one module, with a remote host to call it from. */
export interface MemoryNetwork extends Network {
  readonly mobile: MobileNetwork;
  /** The internet that it stands for, to which more hosts can be added. */
  readonly internet: MemoryInternet;
  /** The module's host, 10.0.0.2. */
  readonly module: MemoryHost;
  /** The host that calls in, 10.0.0.1. */
  readonly caller: MemoryHost;
  /**
   * Connects to a port of the module, as a remote client would. Cold; emits the client's end once
   * the module's listener has it, errors with `refused` when the module does not listen.
   *
   * @param port The port that the module listens on.
   * @returns The client's end.
   */
  callIn(port: number): Observable<MemoryConnection>;
  /**
   * Serves `host:port` for the module's clients, adding the host if there is none of that address
   * or name. Cold; emits the server's end of each connection.
   *
   * @param host An address or a name.
   * @param port The port of that host.
   * @returns The server's end of each connection.
   */
  serve(host: string, port: number): Observable<MemoryConnection>;
  /**
   * The host of that address or name, added if there is none.
   *
   * @param host An address or a name.
   * @returns The host.
   */
  host(host: string): MemoryHost;
}

/** Nothing is kept on the path, so that the writer notices at once when the reader stops. */
const UNBUFFERED: Partial<HostConditions> = { window: 0 };

/**
 * The smallest network: a module and a caller. Without options it has no delay, no loss and no
 * buffers; hosts that {@link MemoryNetwork.serve} adds get addresses from 10.1.0.1 on.
 *
 * @param options Those of the internet that it makes.
 * @returns The network of the module.
 */
export function memoryNetwork(options: MemoryInternetOptions = {}): MemoryNetwork {
  const internet = memoryInternet(options);
  const module = internet.host('10.0.0.2', UNBUFFERED);
  const caller = internet.host('10.0.0.1', UNBUFFERED);
  const hosts = new Map([module, caller].map((host) => [host.address, host]));
  let named = 0;

  const host = (wanted: string) => {
    const known = hosts.get(wanted);
    if (known !== undefined) return known;
    const added = isAddress(wanted)
      ? internet.host(wanted, UNBUFFERED)
      : internet.host(`10.1.0.${++named}`, { ...UNBUFFERED, names: [wanted] });
    hosts.set(wanted, added);
    return added;
  };

  return {
    internet,
    module,
    caller,
    host,
    address: module.address,
    mobile: internet.mobile,
    connect: (to, localPort) => module.connect(to, localPort),
    listen: (port) => module.listen(port),
    bind: (port) => module.bind(port),
    resolve: (name, servers) => module.resolve(name, servers),
    ping: (address, size) => module.ping(address, size),
    callIn: (port) => caller.connect({ host: module.address, port }),
    serve: (name, port) => defer(() => host(name).serve(port)),
  };
}

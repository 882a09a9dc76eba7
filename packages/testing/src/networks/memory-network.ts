import { linkPair, type PairEnd } from '@a7600/transport';
import { Observable, Subject } from 'rxjs';
import { type Connection, type Listener, type Network, NetworkError } from './network.js';

/** A network in memory, seen from the module ({@link Network}) and from everybody else. */
export interface MemoryNetwork extends Network {
  /**
   * Connects to a port of the module, as a remote client would. Cold; emits the client's end once
   * the module's listener has it, errors with `refused` when nobody listens.
   */
  callIn(port: number): Observable<Connection>;
  /** Serves `host:port` for the module's clients. Cold; emits the server's end of each connection. */
  serve(host: string, port: number): Observable<Connection>;
}

/**
 * A network without a delay, without loss and without an outside: the module is at 10.0.0.2, its
 * remote clients at 10.0.0.1.
 */
export function memoryNetwork(): MemoryNetwork {
  const listeners = new Map<number, Subject<Connection>>();
  const servers = new Map<string, Subject<Connection>>();
  let nextPort = 50_000;

  const open = (
    acceptor: Subject<Connection> | undefined,
    caller: string,
    called: { host: string; port: number },
  ): Connection => {
    if (acceptor === undefined) {
      throw new NetworkError('refused', `Nobody listens at ${called.host}:${called.port}.`);
    }
    const [near, far] = linkPair();
    const port = nextPort++;
    acceptor.next(connection(far, { host: caller, port }));
    return connection(near, called);
  };

  const occupy = <K>(table: Map<K, Subject<Connection>>, key: K, taken: string) => {
    if (table.has(key)) throw new NetworkError('port-in-use', `${taken} is in use.`);
    const accepted = new Subject<Connection>();
    table.set(key, accepted);
    return { accepted, release: () => table.delete(key) };
  };

  const once = <T>(make: () => T) =>
    new Observable<T>((subscriber) => {
      subscriber.next(make());
      subscriber.complete();
    });

  return {
    address: MODULE,
    connect: ({ host, port }) => once(() => open(servers.get(`${host}:${port}`), MODULE, { host, port })),
    listen: (port) =>
      new Observable<Listener>((subscriber) => {
        const { accepted, release } = occupy(listeners, port, `Port ${port}`);
        subscriber.add(release);
        subscriber.next({ connections$: accepted.asObservable() });
      }),
    callIn: (port) => once(() => open(listeners.get(port), CALLER, { host: MODULE, port })),
    serve: (host, port) =>
      new Observable<Connection>((subscriber) => {
        const { accepted, release } = occupy(servers, `${host}:${port}`, `${host}:${port}`);
        subscriber.add(release);
        subscriber.add(accepted.subscribe(subscriber));
      }),
  };
}

const MODULE = '10.0.0.2';
const CALLER = '10.0.0.1';

function connection(end: PairEnd, remote: Connection['remote']): Connection {
  return {
    ...end,
    remote,
    reset: () => end.lose(new Error(`${remote.host}:${remote.port} reset the connection`)),
  };
}

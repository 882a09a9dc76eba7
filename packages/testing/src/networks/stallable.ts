import { map, NEVER, Observable, type Subscriber } from 'rxjs';
import type { Connection, DatagramSocket, Network } from './network.js';
import type { TlsOptions } from './tls.js';

/** A network that can fall silent: it is there, and nothing passes. */
export interface StallableNetwork extends Network {
  readonly stalled: boolean;
  /** From now on nothing passes: streams wait, datagrams are lost, connects and names get no answer. */
  stall(): void;
  /** Everything passes again, what waited first. */
  release(): void;
}

/** Makes a network that can be stalled of any other. */
export function stallable(inner: Network): StallableNetwork {
  const waiting: (() => void)[] = [];
  /** The connections, and whether the module itself has paused each. */
  const connections = new Map<Connection, { paused: boolean }>();
  let stalled = false;

  const pass = (work: () => void) => {
    if (stalled || waiting.length > 0) waiting.push(work);
    else work();
  };
  /** Subscribes to `source` once it passes, and hands on what it says as far as that passes. */
  const passing = <T>(source: Observable<T>) =>
    new Observable<T>((subscriber: Subscriber<T>) => {
      pass(() => {
        if (subscriber.closed) return;
        subscriber.add(
          source.subscribe({
            next: (value) => pass(() => subscriber.next(value)),
            error: (error: unknown) => pass(() => subscriber.error(error)),
            complete: () => pass(() => subscriber.complete()),
          }),
        );
      });
    });

  const wrapped = (connection: Connection): Connection => {
    const held = { paused: false };
    connections.set(connection, held);
    connection.ended$.subscribe(() => connections.delete(connection));
    if (stalled) connection.pause();
    return {
      ...connection,
      remote: connection.remote,
      received$: passing(connection.received$),
      write: (bytes) => passing(connection.write(bytes)),
      close: () => passing(connection.close()),
      reset: () => pass(() => connection.reset()),
      pause() {
        held.paused = true;
        connection.pause();
      },
      resume() {
        held.paused = false;
        if (!stalled) connection.resume();
      },
    };
  };

  const datagrams = (socket: DatagramSocket): DatagramSocket => ({
    port: socket.port,
    received$: new Observable((subscriber) =>
      socket.received$.subscribe((datagram) => {
        if (!stalled) subscriber.next(datagram);
      }),
    ),
    send: (bytes, to) =>
      new Observable<never>((subscriber) => {
        if (stalled) subscriber.complete();
        else subscriber.add(socket.send(bytes, to).subscribe(subscriber));
      }),
  });

  return {
    address: inner.address,
    ...(inner.secure && {
      secure: (connection: Connection, options: TlsOptions) => inner.secure?.(connection, options) ?? NEVER,
    }),
    ...(inner.mobile && { mobile: inner.mobile }),
    ...(inner.ping && {
      ping: (address: string, size: number) => passing(inner.ping?.(address, size) ?? NEVER),
    }),
    get stalled() {
      return stalled;
    },
    stall() {
      stalled = true;
      for (const connection of connections.keys()) connection.pause();
    },
    release() {
      stalled = false;
      for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
        work();
        if (stalled) return;
      }
      for (const [connection, { paused }] of connections) if (!paused) connection.resume();
    },
    resolve: (name, servers) => passing(inner.resolve(name, servers)),
    connect: (to, localPort) => passing(inner.connect(to, localPort)).pipe(map(wrapped)),
    bind: (port) => inner.bind(port).pipe(map(datagrams)),
    listen: (port) =>
      inner
        .listen(port)
        .pipe(map(({ connections$ }) => ({ connections$: passing(connections$).pipe(map(wrapped)) }))),
  };
}

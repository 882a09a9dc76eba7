import { once } from 'node:events';
import type { Socket } from 'node:net';
import { linkPair } from '@a7600/transport';
import { Observable, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fakeNetwork } from '../../test/fake-network.js';
import { createServer } from './create-server.js';
import { createSocket } from './create-socket.js';
import type { ModemLink, ModemNetwork } from './modem-network.js';
import { OnePerTurn } from './one-per-turn.js';
import { ModemSocket } from './socket.js';

describe('one item in a turn', () => {
  test('the first one at once, then one in each, with promises between', async () => {
    const seen: unknown[] = [];
    const turns = new OnePerTurn<number>((item) => {
      seen.push(item);
      void Promise.resolve().then(() => seen.push('awaited'));
    });
    for (const item of [1, 2, 3]) turns.push(item);
    expect(seen).toEqual([1]);
    while (seen.length < 6) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([1, 'awaited', 2, 'awaited', 3, 'awaited']);
    // The turn of the third one ends here.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    turns.push(4);
    expect(seen.at(-1)).toBe(4);
  });

  test('a turn that is taken is one in which nothing more is handed on', async () => {
    const seen: number[] = [];
    const turns = new OnePerTurn<number>((item) => seen.push(item));
    turns.take();
    turns.push(1);
    expect(seen).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([1]);
    // The turn of the item is over, too.
    await new Promise((resolve) => setImmediate(resolve));
    turns.take();
    turns.take();
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(2);
    expect(seen).toEqual([1, 2]);
  });

  test('what is discarded is not handed on', async () => {
    const seen: number[] = [];
    const turns = new OnePerTurn<number>((item) => seen.push(item));
    for (const item of [1, 2]) turns.push(item);
    turns.clear();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([1]);
  });
});

/** A network that only does what it is given; it cannot connect. */
function network(does: Partial<ModemNetwork>): ModemNetwork {
  const connect = () => {
    throw new Error('It does not connect.');
  };
  return { ...fakeNetwork(connect), ...does };
}

const PORTS = [1, 2, 3, 4];

test('a server whose clients come in one turn loses none that are awaited', async () => {
  const links = PORTS.map((port): ModemLink => ({ ...linkPair()[0], remote: { host: '10.3.0.1', port } }));
  const listen: ModemNetwork['listen'] = ({ onListening }) =>
    new Observable((subscriber) => {
      onListening?.();
      for (const link of links) subscriber.next(link);
    });
  const server = createServer(network({ listen })).listen(7);
  const ports: unknown[] = [];
  while (ports.length < PORTS.length) {
    const [socket] = (await once(server, 'connection')) as [Socket];
    ports.push(socket.remotePort);
  }
  expect(ports).toEqual(PORTS);
});

/** A link whose peer has ended already. */
function endedLink(): ModemLink {
  const [near, far] = linkPair();
  far.close().subscribe();
  return { ...near, remote: { host: '10.3.0.1', port: 1 } };
}

test.each([
  ['in the turn in which it listens', false],
  ['before the module has said that it listens', true],
])(
  'a client that comes %s is not lost, when first the one and then the other is awaited',
  async (_, early) => {
    const link: ModemLink = { ...linkPair()[0], remote: { host: '10.3.0.1', port: 1 } };
    const server = createServer(
      network({
        listen: ({ onListening }) =>
          new Observable((subscriber) => {
            if (early) subscriber.next(link);
            onListening?.();
            if (!early) subscriber.next(link);
          }),
      }),
    ).listen(7);
    await once(server, 'listening');
    expect((await once(server, 'connection'))[0]).toMatchObject({ remotePort: 1, localPort: 7 });
  },
);

test('a datagram that comes in the turn in which the socket is bound is not lost, when first the one and then the other is awaited', async () => {
  const datagram = { bytes: Uint8Array.of(1), from: { host: '10.3.0.1', port: 1 } };
  const socket = createSocket(
    network({
      receive: 'push',
      bind: () =>
        new Observable((subscriber) =>
          subscriber.next({ datagrams$: of(datagram), send: () => of() as Observable<never> }),
        ),
    }),
  ).bind(7);
  await once(socket, 'listening');
  expect(await once(socket, 'message')).toMatchObject([Buffer.of(1), { port: 1 }]);
});

test('the end of a connection that ends at once is not lost, when it is awaited after the connection', async () => {
  const socket = new ModemSocket(fakeNetwork(endedLink)).connect(80, '10.3.0.1');
  await once(socket, 'connect');
  await once(socket, 'end');
  await once(socket, 'close');
});

test('the end of a client that has left already is not lost, when it is awaited after the client', async () => {
  const listen: ModemNetwork['listen'] = ({ onListening }) =>
    new Observable((subscriber) => {
      onListening?.();
      subscriber.next(endedLink());
    });
  const server = createServer(network({ listen })).listen(7);
  const [socket] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'end');
  await once(socket, 'close');
});

test('a UDP socket whose datagrams come in one turn loses none that are awaited', async () => {
  const datagrams$ = new Observable<{ bytes: Uint8Array; from: { host: string; port: number } }>(
    (subscriber) => {
      setImmediate(() => {
        for (const port of PORTS)
          subscriber.next({ bytes: Uint8Array.of(port), from: { host: '10.3.0.1', port } });
      });
    },
  );
  const bind: ModemNetwork['bind'] = () =>
    new Observable((subscriber) => subscriber.next({ datagrams$, send: () => of() as Observable<never> }));
  const socket = createSocket(network({ receive: 'push', bind })).bind(7);
  await once(socket, 'listening');
  const ports: unknown[] = [];
  while (ports.length < PORTS.length) ports.push((await once(socket, 'message'))[1].port);
  expect(ports).toEqual(PORTS);
});

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

  test('what is discarded is not handed on', async () => {
    const seen: number[] = [];
    const turns = new OnePerTurn<number>((item) => seen.push(item));
    for (const item of [1, 2]) turns.push(item);
    turns.clear();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([1]);
  });
});

const PORTS = [1, 2, 3, 4];

test('a server whose clients come in one turn loses none that are awaited', async () => {
  const links = PORTS.map((port): ModemLink => ({ ...linkPair()[0], remote: { host: '10.3.0.1', port } }));
  const network: ModemNetwork = {
    ...fakeNetwork(() => {
      throw new Error('It only listens.');
    }),
    listen: ({ onListening }) =>
      new Observable((subscriber) => {
        onListening?.();
        for (const link of links) subscriber.next(link);
      }),
  };
  const server = createServer(network).listen(7);
  const ports: unknown[] = [];
  while (ports.length < PORTS.length) {
    const [socket] = (await once(server, 'connection')) as [Socket];
    ports.push(socket.remotePort);
  }
  expect(ports).toEqual(PORTS);
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
  const network: ModemNetwork = {
    ...fakeNetwork(() => {
      throw new Error('It only binds.');
    }),
    receive: 'push',
    bind: () =>
      new Observable((subscriber) => subscriber.next({ datagrams$, send: () => of() as Observable<never> })),
  };
  const socket = createSocket(network).bind(7);
  await once(socket, 'listening');
  const ports: unknown[] = [];
  while (ports.length < PORTS.length) ports.push((await once(socket, 'message'))[1].port);
  expect(ports).toEqual(PORTS);
});

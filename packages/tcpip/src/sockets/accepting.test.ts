import { NEVER } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { PEER, refused, socketRig } from '../../test/socket-rig.js';
import { observe, textOf } from '../../test/world.js';
import { Lifetime } from '../base/lifetime.js';
import { listen } from './listen.js';
import type { NetworkScope } from './scope.js';

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

const CLIENT = { host: '10.0.0.1', port: 4_000 };

/** A server on port 7 that listens, and its clients. */
function serving(different: Partial<NetworkScope> = {}, ...ports: readonly number[]) {
  const scope = rig.scope(different);
  const start = (port: number) => {
    const clients = observe(listen(scope, { port }));
    rig.answer();
    rig.answer([0, 1, 2, 3].map((server) => ({ server, port })));
    return clients;
  };
  const [clients, ...others] = [7, ...ports].map(start);
  rig.asked.length = 0;
  return { scope, clients: clients as NonNullable<typeof clients>, others };
}
/** The module reports a client. */
const announce = (link: number, server = 0, { host, port } = CLIENT) =>
  rig.print(`\r\n+CLIENT: ${link},${server},${host}:${port}\r\n`);
/** The module lists a link that nothing here knows. */
function find(link: number, server: number | undefined, { host, port } = CLIENT) {
  rig.table.confirm().subscribe();
  rig.answer([{ link, type: 'TCP', host, port, server }]);
  rig.asked.length = 0;
}

describe('a client of a server', () => {
  test('is emitted when the module reports it, to the server that it is a client of', () => {
    const { clients, others } = serving({}, 8);
    announce(2, 0);
    announce(3, 1);
    announce(4, 2);
    expect(clients.values.map(({ link, server, remote }) => [link, server, remote])).toEqual([
      [2, 0, CLIENT],
    ]);
    expect(others[0]?.values.map(({ link, server }) => [link, server])).toEqual([[3, 1]]);
  });

  test('is closed with the server, before that', () => {
    const { clients, scope } = serving();
    announce(2);
    clients.unsubscribe();
    rig.advance(0);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=2']);
    rig.answer();
    rig.advance(0);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=2', 'AT+SERVERSTOP=0']);
    announce(3);
    rig.advance(0);
    expect(rig.asked.at(-1)).toBe('AT+CIPCLOSE=3');
    rig.answer(undefined, 'AT+SERVERSTOP=0');
    expect(scope.servers.size).toBe(0);
    announce(4);
    rig.advance(0);
    expect(rig.asked).not.toContain('AT+CIPCLOSE=4');
  });

  test('is held by nothing once its link is free', () => {
    const scope = rig.scope();
    const held: Lifetime[] = [];
    const child = () => {
      const lifetime = Lifetime.root(rig.scheduler);
      const inner = lifetime.child.bind(lifetime);
      lifetime.child = () => {
        const own = inner();
        held.push(own);
        return own;
      };
      return lifetime;
    };
    const clients = observe(
      listen({ ...scope, lifetime: Object.assign(Lifetime.root(rig.scheduler), { child }) }, { port: 7 }),
    );
    rig.answer();
    rig.answer([{ server: 0, port: 7 }]);
    announce(2);
    expect(held.map(({ ending }) => ending)).toEqual([false]);
    clients.last.close().subscribe();
    rig.answer();
    expect(held.map(({ ending }) => ending)).toEqual([true]);
  });

  test('is closed at once where its data could not be told from that of another link', () => {
    const { clients } = serving({ receive: 'push', linkInHeader: false });
    announce(2, 0, CLIENT);
    announce(3, 0, CLIENT);
    rig.advance(0);
    expect(clients.values.map(({ link }) => link)).toEqual([2]);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=3']);
  });
});

describe('a client whose report was lost', () => {
  test('is emitted when the module lists it, and what it sent before is read', () => {
    const { clients } = serving();
    find(2, 0);
    expect(clients.values.map(({ link, remote }) => [link, remote])).toEqual([[2, CLIENT]]);
    expect(rig.reports).toMatchObject([{ kind: 'unknown link', action: 'given to its server' }]);
    const received = observe(clients.last.received$);
    expect(rig.turn()).toBe('AT+CIPRXGET=2,2,1500');
    rig.give('early');
    expect(textOf(received.values)).toBe('early');
  });

  test.each<[string, typeof CLIENT, number]>([
    ['the report comes late', CLIENT, 1],
    ['another client is reported', { ...CLIENT, port: 4_001 }, 2],
    ['a client of another host is reported', { ...CLIENT, host: '10.0.0.2' }, 2],
  ])('is one client, also when %s', (_, reported, count) => {
    const { clients } = serving();
    find(2, 0);
    announce(2, 0, reported);
    rig.answer([{ link: 2, type: 'TCP', ...reported, server: 0 }]);
    expect(clients.values).toHaveLength(count);
  });

  test('is another one once the first has gone', () => {
    const { clients } = serving();
    find(2, 0);
    clients.last.close().subscribe();
    rig.answer();
    announce(2, 0, { ...CLIENT, port: 4_001 });
    expect(clients.values).toHaveLength(2);
  });

  test('is another one once the first has gone, from the same port too, if the module lists it', () => {
    const { clients } = serving();
    find(2, 0);
    clients.last.close().subscribe();
    rig.answer();
    announce(2);
    expect([clients.values.length, rig.asked.at(-1)]).toEqual([1, 'AT+CIPOPEN?']);
    rig.answer([{ link: 2, type: 'TCP', ...CLIENT, server: 0 }]);
    expect(clients.values).toHaveLength(2);
  });

  test('is one client, however often it is reported', () => {
    const { clients } = serving();
    find(2, 0);
    announce(2);
    announce(2);
    expect(clients.values).toHaveLength(1);
  });

  test.each([
    [1, 1],
    [2, 0],
    [undefined, 0],
  ])('goes to the server of its index, which is %s', (server, count) => {
    const { clients, others } = serving({}, 8);
    find(2, server);
    expect([clients.values.length, others[0]?.values.length]).toEqual([0, count]);
  });

  test.each([
    [3, 1],
    [undefined, 0],
  ])('goes to the only server, where firmware gives every client one index: %s', (server, count) => {
    const { clients } = serving();
    const unknown = observe(rig.table.unknown$);
    find(2, server);
    expect([clients.values.length, unknown.values.length]).toEqual([count, 1 - count]);
  });
});

describe('a server', () => {
  test('ends with the network, before that is told', () => {
    const { clients, scope } = serving();
    const error = new Error('lost');
    rig.lost.error(error);
    expect([clients.end, scope.lifetime.ending]).toEqual([{ error }, false]);
  });

  test('that is refused says so, and frees its index', () => {
    const scope = rig.scope({ readyForLinks: () => NEVER });
    observe(listen(scope, { port: 7 }));
    expect(rig.asked).toEqual([]);
    const next = rig.scope();
    const clients = observe(listen(next, { port: 7 }));
    for (let attempt = 0; attempt < 3; attempt++) {
      rig.refuse(refused());
      rig.answer([]);
    }
    rig.advance(0);
    expect([clients.end, next.servers.size]).toEqual([
      { error: expect.objectContaining({ code: 'REFUSED' }) },
      0,
    ]);
  });

  test('says when it listens, and takes its port and its backlog', () => {
    let listens = 0;
    observe(listen(rig.scope(), { port: 7, backlog: 2, onListening: () => (listens += 1) }));
    expect(rig.asked).toEqual(['AT+SERVERSTART=7,0,2']);
    rig.answer();
    expect(listens).toBe(0);
    rig.answer([{ server: 0, port: 7 }]);
    expect(listens).toBe(1);
  });

  test('refuses what could not be sent before it takes anything', () => {
    const scope = rig.scope();
    const wrong = observe(listen(scope, { port: 70_000 }));
    expect([wrong.end, scope.servers.size, PEER.port]).toMatchObject([
      { error: { code: 'INVALID_ARGUMENT' } },
      0,
      80,
    ]);
  });
});

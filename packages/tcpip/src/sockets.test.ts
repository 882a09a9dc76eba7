import { netOpen } from '@a7600/at-codec';
import { type Behaviour, ok } from '@a7600/testing';
import { protocolPayload } from '@a7600/testing/arbitraries';
import { type LinkEnd, pump } from '@a7600/transport';
import fc from 'fast-check';
import { delay, mergeMap, of, Subscription } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { caller, connected, connection, expectTalk, listening, upon } from '../test/fixtures.js';
import {
  bytesOf,
  commandsSince,
  errorOf,
  type Observed,
  observe,
  openNetwork,
  readyModem,
  textOf,
  world,
  write,
} from '../test/world.js';
import type { Network } from './network/network.js';
import type { TcpSocket } from './sockets/tcp-socket.js';

/** A command that takes its time, so that others queue up behind it. */
const SLOW: Behaviour = {
  command: '+SLOW',
  execute: (_, { clock }) => of(ok()).pipe(delay(200, clock.scheduler)),
};

describe('network', () => {
  test('defines the context, opens, and tells its address', () => {
    const w = world();
    const modem = readyModem(w);
    const from = w.commands.length;
    const network = observe(modem.last.network({ apn: 'internet' }));
    w.advance(1_000);
    expect(network.last.address).toBe('10.0.0.2');
    expect(commandsSince(w, from)).toEqual([
      'AT+CSCLK?',
      'AT+CIPRXGET?',
      'AT+CIPRXGET=1',
      'AT+CIPRXGET?',
      'AT+CGDCONT?',
      'AT+CIPMODE?',
      'AT+CIPCCFG?',
      'AT+NETOPEN?',
      'AT+CGDCONT=1,"IP","…"',
      'AT+CGDCONT?',
      'AT+CIPCCFG=10,0,0,1,0,0,500,1',
      'AT+CIPCCFG?',
      'AT+NETOPEN',
      'AT+IPADDR',
    ]);
  });

  test('is closed again, after its servers and sockets', () => {
    const w = world();
    const { network } = listening(w);
    caller(w);
    w.advance(100);
    const from = w.commands.length;
    network.modem.unsubscribe();
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual(['AT+CIPCLOSE=0', 'AT+SERVERSTOP=0', 'AT+NETCLOSE']);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('adopts an open network and closes what was left in it (Q-32, pain point 11)', () => {
    const w = world();
    const first = listening(w);
    caller(w);
    w.advance(100);
    const from = w.commands.length;
    // A second program after the first one was killed: the module still has everything open.
    const network = observe(first.network.modem.last.network());
    w.advance(1_000);
    expect(network.last.address).toBe('10.0.0.2');
    expect(commandsSince(w, from)).toEqual([
      'AT+CSCLK?',
      'AT+CIPRXGET?',
      'AT+CIPMODE?',
      'AT+CIPCCFG?',
      'AT+NETOPEN?',
      'AT+CIPCLOSE?',
      'AT+CIPCLOSE=0',
      'AT+SERVERSTART?',
      'AT+SERVERSTOP=0',
      'AT+IPADDR',
    ]);
  });

  test('opens a network anew that was opened with settings it keeps', () => {
    const w = world();
    const modem = readyModem(w);
    observe(modem.last.run(netOpen()));
    w.advance(1_000);
    const from = w.commands.length;
    const network = observe(modem.last.network());
    w.advance(1_000);
    expect(network.values).toHaveLength(1);
    expect(commandsSince(w, from).slice(6)).toEqual([
      'AT+NETOPEN?',
      'AT+NETCLOSE',
      'AT+CIPCCFG=10,0,0,1,0,0,500,1',
      'AT+CIPCCFG?',
      'AT+NETOPEN',
      'AT+IPADDR',
    ]);
  });

  test.each(['the modem', 'the network', 'a subscription'] as const)(
    'what was opened in it completes when it is closed by %s',
    (by) => {
      const w = world();
      const network = openNetwork(w);
      observe(w.outside.serve('a', 1));
      const opened = [
        observe(network.last.connect({ host: 'a', port: 1 })),
        observe(network.last.bind({ port: 9 })),
        observe(network.last.listen({ port: 7 })),
      ];
      w.advance(100);
      if (by === 'a subscription') network.unsubscribe();
      else observe(by === 'the modem' ? network.modem.last.close() : network.last.close());
      w.advance(1_000);
      expect(opened.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
      if (by !== 'a subscription') expect(network.end).toBe('complete');
    },
  );

  test('unsubscribed while it opens, it is closed again', () => {
    const w = world();
    const modem = observe(w.modem$);
    w.advance(1_000);
    const network = new Subscription();
    upon(w, /^AT\+NETOPEN$/, () => network.unsubscribe());
    network.add(modem.last.network().subscribe());
    w.advance(1_000);
    expect(w.commands.at(-1)).toBe('AT+NETCLOSE');
    expect(w.module.control.networkOpen).toBe(false);
  });

  test('its loss fails it, its sockets and its servers, once each (Q-30)', () => {
    const w = world();
    const { network, clients } = listening(w);
    caller(w);
    const received = observe(clients.last.received$);
    w.module.control.loseBearer();
    expect([network, clients, received].map((observed) => errorOf(observed)?.code)).toEqual([
      'NETWORK_LOST',
      'NETWORK_LOST',
      'NETWORK_LOST',
    ]);
    w.advance(1_000);
    expect(network.modem.end).toBe('open');
    const again = observe(network.modem.last.network());
    w.advance(1_000);
    expect(again.values).toHaveLength(1);
  });

  test.each([
    ['buffer', 'AT+CIPRXGET=0'],
    ['hex', 'AT+CIPRXGET=0'],
    ['push', 'AT+CIPRXGET=1'],
  ] as const)('opened for %s and changed by %s, it does not lose data in silence', (receive, change) => {
    const w = world();
    const network = openNetwork(w, { receive });
    observe(network.modem.last.raw(change));
    const { far } = connection(w, network);
    write(far, 'hello');
    w.advance(1_000);
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_LOST',
      message: expect.stringContaining('CIPRXGET'),
    });
    const again = Object.assign(observe(network.modem.last.network({ receive })), { modem: network.modem });
    w.advance(1_000);
    expectTalk(w, connection(w, again, 'example.org'));
  });

  test('a damaged line alone does not end it', () => {
    const w = world();
    const network = openNetwork(w);
    const before = w.commands.length;
    w.module.control.report('+IPD0');
    w.advance(1_000);
    expect(commandsSince(w, before)).toEqual(['AT+CIPRXGET?']);
    expect(network.end).toBe('open');
  });
});

describe('connect', () => {
  test('opens the highest link, talks, and ends when the peer closes', () => {
    const w = world();
    const { socket, far, arrived } = connected(w);
    expect(socket.last).toMatchObject({ link: 9, remote: { host: 'example.com', port: 80 } });
    expect(write(socket.last, 'GET').end).toBe('complete');
    expect(textOf(arrived.values)).toBe('GET');
    const answer = observe(socket.last.received$);
    write(far, '\r\nOK\r\n+IPCLOSE: 9,1\r\n');
    observe(far.close());
    w.advance(1_000);
    expect(textOf(answer.values)).toBe('\r\nOK\r\n+IPCLOSE: 9,1\r\n');
    expect([answer.end, socket.end]).toEqual(['complete', 'complete']);
    expect(w.module.control.openLinks).toBe(0);
  });

  test('unsubscribing closes the connection', () => {
    const w = world();
    const { socket, arrived } = connected(w);
    socket.unsubscribe();
    w.advance(1_000);
    expect(w.commands.at(-1)).toBe('AT+CIPCLOSE=9');
    expect(arrived.end).toBe('complete');
    expect(w.module.control.openLinks).toBe(0);
  });

  test.each([
    [1, 'The other side closed the connection to example.com:80.'],
    [2, 'The module gave up the connection to example.com:80: sending timed out.'],
  ])('what is written behind its end fails with the reason of +IPCLOSE: %i (note 4.2)', (reason, message) => {
    const w = world();
    const { socket } = connected(w);
    w.module.control.report(`+IPCLOSE: 9,${reason}`);
    w.advance(1_000);
    const late = observe(socket.last.write(bytesOf('late')));
    expect(errorOf(late)).toMatchObject({ code: 'LINK_CLOSED', link: 9, reason, message });
  });

  test('a refused connection fails with the reason and frees its link', () => {
    const w = world();
    const network = openNetwork(w);
    for (let attempt = 0; attempt < 12; attempt++) {
      const socket = observe(network.last.connect({ host: '10.0.0.1', port: 1 }));
      w.advance(100);
      expect(errorOf(socket)).toMatchObject({ code: 'CONNECT_REFUSED', number: 1, link: 9 });
    }
  });

  test('an argument that could break the command line is refused before anything is sent (pain point 42)', () => {
    const w = world();
    const network = openNetwork(w);
    const from = w.commands.length;
    const socket = observe(network.last.connect({ host: 'a"\r\nAT+CRESET', port: 1 }));
    expect(errorOf(socket)?.code).toBe('INVALID_ARGUMENT');
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('the eleventh connection has no link', () => {
    const w = world();
    const network = openNetwork(w);
    observe(w.outside.serve('a', 1));
    const sockets = Array.from({ length: 11 }, () => observe(network.last.connect({ host: 'a', port: 1 })));
    w.advance(100);
    expect(sockets.slice(0, 10).map(({ last }) => last.link)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(errorOf(sockets[10] as Observed<TcpSocket>)?.code).toBe('CAPACITY');
  });

  test('a closed network opens nothing', () => {
    const w = world();
    const network = openNetwork(w);
    const { last } = network;
    network.unsubscribe();
    expect(errorOf(observe(last.connect({ host: 'a', port: 1 })))?.code).toBe('CLOSED');
    expect(errorOf(observe(last.listen({ port: 1 })))?.code).toBe('CLOSED');
  });
});

describe('listen', () => {
  test('emits a socket for each client, with its address', () => {
    const w = world();
    const { clients } = listening(w);
    caller(w);
    caller(w);
    expect(clients.values.map(({ link, server, remote }) => [link, server, remote.host])).toEqual([
      [0, 0, '10.0.0.1'],
      [1, 0, '10.0.0.1'],
    ]);
  });

  test('a port in use fails with the reason, and the index is free again', () => {
    const w = world();
    const { network, clients } = listening(w);
    for (let attempt = 0; attempt < 5; attempt++) {
      const second = observe(network.last.listen({ port: 7 }));
      expect(errorOf(second)).toMatchObject({ code: 'PORT_IN_USE', number: 6 });
      w.advance(10);
    }
    expect(clients.end).toBe('open');
  });

  test('an answer that says nothing, or none at all, is settled by what the module lists (3.13)', () => {
    const w = world();
    const network = openNetwork(w);
    const { faults } = w.module.control;
    for (const [port, fault] of (['lostAnswer', 'lostCommand'] as const).entries()) {
      faults.next(fault);
      const clients = observe(network.last.listen({ port: port + 1 }));
      w.advance(20_000);
      expect(clients.end).toBe('open');
      expect(w.module.control.openServers).toBe(port + 1);
    }
  });

  test('an OK that belongs to the command before starts no server; it is started again', () => {
    const w = world();
    const network = openNetwork(w);
    const { faults } = w.module.control;
    const from = w.commands.length;
    faults.next('lostCommand');
    const clients = observe(network.last.listen({ port: 7 }));
    w.module.control.report('OK');
    w.advance(20_000);
    expect(commandsSince(w, from)).toEqual([
      'AT+SERVERSTART=7,0',
      'AT+SERVERSTART?',
      'AT',
      'AT+CMEE?',
      'AT+SERVERSTART=7,0',
      'AT+SERVERSTART?',
    ]);
    expect(clients.end).toBe('open');
    expect(w.module.control.openServers).toBe(1);
  });

  test('an OK that comes twice does not make the answers late by one', () => {
    const w = world();
    const network = openNetwork(w);
    const from = w.commands.length;
    w.module.control.faults.next('lateAnswer');
    observe(network.last.listen({ port: 7 }));
    w.module.control.report('OK');
    w.advance(100);
    const socket = observe(network.last.bind({ port: 9 }));
    w.advance(5_000);
    expect(commandsSince(w, from)).toEqual([
      'AT+SERVERSTART=7,0',
      'AT+SERVERSTART?',
      'AT+CIPOPEN=9,"UDP",,,9',
    ]);
    expect(socket.values).toHaveLength(1);
  });

  test('a refusal that is answered to the question behind it fails the server', () => {
    const w = world();
    const network = openNetwork(w);
    observe(network.last.listen({ port: 7 }));
    w.advance(100);
    w.module.control.faults.next('lateAnswer');
    const second = observe(network.last.listen({ port: 7 }));
    w.module.control.report('OK');
    w.advance(5_000);
    expect(errorOf(second)).toMatchObject({ code: 'PORT_IN_USE', number: 6 });
  });

  test('a server that the module never lists is reported', () => {
    const deaf: Behaviour = { command: '+SERVERSTART', read: () => ok(), write: () => ok() };
    const w = world({ behaviours: [deaf] });
    const network = openNetwork(w);
    const clients = observe(network.last.listen({ port: 7 }));
    w.advance(60_000);
    expect(errorOf(clients)?.code).toBe('NOT_READY');
  });

  test('the fifth server is refused', () => {
    const w = world();
    const network = openNetwork(w);
    const servers = [1, 2, 3, 4, 5].map((port) => observe(network.last.listen({ port })));
    w.advance(100);
    expect(servers.map(errorOf).map((error) => error?.code)).toEqual([
      ...Array(4).fill(undefined),
      'CAPACITY',
    ]);
    expect(w.module.control.openServers).toBe(4);
  });

  test('a client that closes leaves the server as it was, two hundred times', () => {
    const w = world();
    const network = openNetwork(w);
    observe(network.last.listen({ port: 7 }).pipe(mergeMap((client) => pump(client, client))));
    w.advance(10);
    for (let turn = 0; turn < 200; turn++) {
      const client = caller(w);
      write(client.link, `number ${turn}`);
      w.advance(10);
      expect(textOf(client.values)).toBe(`number ${turn}`);
      observe(client.link.close());
      w.advance(100);
    }
    w.advance(1_000);
    expect(w.module.control.openLinks).toBe(0);
    expect(errorOf(network)).toBeUndefined();
  });

  test('with ten clients the next ones wait for a link, and the one after the backlog is refused', () => {
    const w = world();
    const { clients } = listening(w);
    const callers = Array.from({ length: 14 }, () => caller(w));
    expect(clients.values).toHaveLength(10);
    expect(callers.map(errorOf).map((error) => error !== undefined)).toEqual([
      ...Array(13).fill(false),
      true,
    ]);
    observe((callers[3] as (typeof callers)[0]).link.close());
    w.advance(1_000);
    expect(clients.values).toHaveLength(11);
    expect(clients.last.link).toBe(3);
    expect(clients.end).toBe('open');
  });

  test("a command to close a link is not sent once the link is somebody else's (Q-34)", () => {
    const w = world({ behaviours: [SLOW] });
    const { network, clients } = listening(w);
    w.advance(5_000);
    const first = caller(w);
    w.advance(1_000);
    observe(network.modem.last.raw('AT+SLOW'));
    observe(clients.last.close());
    observe(first.link.close());
    w.advance(100);
    const second = caller(w);
    w.advance(1_000);
    expect(clients.values.map(({ link }) => link)).toEqual([0, 0]);
    expect(w.commands).not.toContain('AT+CIPCLOSE=0');
    write(clients.last, 'still there');
    w.advance(1_000);
    expect(textOf(second.values)).toBe('still there');
  });

  test('close flushes what was written before', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    client.link.pause();
    write(clients.last, 'x'.repeat(70_000));
    const closed = observe(clients.last.close());
    w.advance(1_000);
    expect(closed.end).toBe('open');
    client.link.resume();
    w.advance(5_000);
    expect(textOf(client.values)).toHaveLength(70_000);
    expect([closed.end, client.end]).toEqual(['complete', 'complete']);
  });
});

describe('receiving', () => {
  test('nothing is read from the module before somebody wants it', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    const from = w.commands.length;
    write(client.link, 'early');
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual([]);
    const received = observe(clients.last.received$);
    expect(textOf(received.values)).toBe('early');
  });

  test('a paused socket leaves the bytes with the module, then with the peer (pain point 1)', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    const received = observe(clients.last.received$);
    clients.last.pause();
    const from = w.commands.length;
    const writes = Array.from({ length: 100 }, () => write(client.link, new Uint8Array(1_000)));
    w.advance(1_000);
    expect(received.values).toEqual([]);
    expect(commandsSince(w, from)).toEqual([]);
    expect(writes.filter(({ end }) => end === 'complete')).toHaveLength(65);
    clients.last.resume();
    w.advance(1_000);
    expect(textOf(received.values)).toHaveLength(100_000);
  });

  test('what came before the peer closed is delivered before the end (pain point 7)', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    const ends: LinkEnd[] = [];
    clients.last.ended$.subscribe((end) => ends.push(end));
    write(client.link, 'y'.repeat(5_000));
    observe(client.link.close());
    w.advance(1_000);
    const received = observe(clients.last.received$);
    w.advance(1_000);
    expect(textOf(received.values)).toHaveLength(5_000);
    expect([received.end, ends]).toEqual(['complete', [{ by: 'remote' }]]);
  });

  test('a lost notification is made up for by a slow poll (pain point 2)', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    write(client.link, 'one');
    const received = observe(clients.last.received$);
    expect(textOf(received.values)).toBe('one');
    w.advance(60_000);
    expect(commandsSince(w, 0).filter((text) => text === 'AT+CIPRXGET=2,0,1500')).toHaveLength(2);
  });
});

describe('sending', () => {
  test('a peer that does not read fills the window, then writes wait and nothing is lost (pain point 9)', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    client.link.pause();
    const sent = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const writing = write(clients.last, sent);
    w.advance(10_000);
    expect(writing.end).toBe('open');
    client.link.resume();
    w.advance(10_000);
    expect(writing.end).toBe('complete');
    expect(Uint8Array.from(client.values.flatMap((piece) => [...piece]))).toEqual(sent);
  });

  test('writing after the peer has closed fails', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    observe(client.link.close());
    w.advance(1_000);
    expect(errorOf(write(clients.last, 'x'))?.code).toBe('LINK_CLOSED');
  });

  test('a withdrawn write is not sent, and the ones around it are whole', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    client.link.pause();
    write(clients.last, 'a'.repeat(70_000));
    w.advance(1_000);
    write(clients.last, 'b'.repeat(10)).unsubscribe();
    write(clients.last, 'c');
    client.link.resume();
    w.advance(5_000);
    expect(textOf(client.values)).toBe(`${'a'.repeat(70_000)}c`);
  });
});

test('whatever clients send comes back, byte for byte, on the link it came from', () => {
  const message = fc.record({
    client: fc.nat(9),
    bytes: protocolPayload({ maxLength: 300 }),
    pause: fc.integer({ min: 0, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const w = world();
      const network = openNetwork(w);
      observe(echo(network.last));
      w.advance(10);
      const clients = Array.from({ length: 10 }, () => Object.assign(caller(w), { sent: '' }));
      for (const { client, bytes, pause } of messages) {
        const to = clients[client] as (typeof clients)[0];
        to.sent += textOf([bytes]);
        write(to.link, bytes);
        w.advance(pause);
      }
      w.advance(1_000);
      for (const { values, sent } of clients) expect(textOf(values)).toBe(sent);
      network.modem.unsubscribe();
      w.advance(20_000);
      expect([w.module.control.openLinks, w.module.control.networkOpen]).toEqual([0, false]);
      expect(w.scheduler.actions).toEqual([]);
    }),
  );
});

function echo(network: Network) {
  return network.listen({ port: 7 }).pipe(mergeMap((client) => pump(client, client)));
}

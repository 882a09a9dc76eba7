import { type Behaviour, ok } from '@a7600/testing';
import { pump } from '@a7600/transport';
import { delay, mergeMap, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { caller, listening } from '../../test/fixtures.js';
import { commandsSince, errorOf, observe, openNetwork, textOf, world, write } from '../../test/world.js';

/** A command that takes its time, so that others queue up after it. */
const SLOW: Behaviour = {
  command: '+SLOW',
  execute: (_, { clock }) => of(ok()).pipe(delay(200, clock.scheduler)),
};

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

  test('a refusal that is answered to the question after it fails the server', () => {
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

  test('a command to close a link is not sent once the link has a successor (Q-34)', () => {
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

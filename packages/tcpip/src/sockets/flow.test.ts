import { protocolPayload } from '@a7600/testing/arbitraries';
import { type LinkEnd, pump } from '@a7600/transport';
import fc from 'fast-check';
import { mergeMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { caller, listening } from '../../test/fixtures.js';
import { commandsSince, errorOf, observe, openNetwork, textOf, world, write } from '../../test/world.js';
import type { Network } from '../network/network.js';

describe('receiving', () => {
  test('nothing is read from the module without demand', () => {
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
    w.module.control.faults.next('lostLine', { line: /^\+CIPRXGET: 1/ });
    write(client.link, 'two');
    w.advance(120_000);
    expect(commandsSince(w, 0)).toContain('AT+CIPACK=0;+CIPRXGET=4,0');
    expect(textOf(received.values)).toBe('onetwo');
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
    expect(Uint8Array.from(client.values.flatMap((chunk) => [...chunk]))).toEqual(sent);
  });

  test('writing after the peer has closed fails', () => {
    const w = world();
    const { clients } = listening(w);
    const client = caller(w);
    observe(client.link.close());
    w.advance(1_000);
    expect(errorOf(write(clients.last, 'x'))?.code).toBe('LINK_CLOSED');
  });

  test('a cancelled write is not sent, and the ones around it are whole', () => {
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
    { numRuns: effort(15, 100) },
  );
});

function echo(network: Network) {
  return network.listen({ port: 7 }).pipe(mergeMap((client) => pump(client, client)));
}

import { describe, expect, test } from 'vitest';
import { bytesOf, now, observe, textOf } from '../../../test/observing.js';
import { virtualTime } from '../../../test/virtual-time.js';
import type { Datagram } from '../network.js';
import { type MemoryHostOptions, type MemoryInternetOptions, memoryInternet } from './internet.js';

function world(options: MemoryInternetOptions = {}, peer: MemoryHostOptions = {}) {
  const time = virtualTime();
  const internet = memoryInternet({ scheduler: time.scheduler, ...options });
  const near = internet.host('10.0.0.2');
  const far = internet.host('10.0.0.1', { names: ['peer'], ...peer });
  const socket = now(near.bind(5_000));
  const seen = observe(now(far.bind(53)).received$);
  const send = (text: string) => observe(socket.send(bytesOf(text), { host: 'peer', port: 53 }));
  return { ...time, near, far, socket, seen, send };
}

const texts = (datagrams: readonly Datagram[]) => datagrams.map(({ bytes }) => textOf(bytes));
const numbers = Array.from({ length: 1_000 }, (_, index) => String(index));

describe('datagrams in a memory internet', () => {
  test('arrive whole, with the address of who sent them', () => {
    const w = world({ latency: 3 });
    expect(w.send('hello').end).toBe('complete');
    w.advance(2);
    expect(w.seen.values).toEqual([]);
    w.advance(1);
    expect(w.seen.values).toEqual([{ bytes: bytesOf('hello'), from: { host: '10.0.0.2', port: 5_000 } }]);
  });

  test('to an unused port are lost without a word, to an unknown name they fail', () => {
    const { socket } = world();
    for (const to of [
      { host: '10.0.0.1', port: 54 },
      { host: '10.9.9.9', port: 53 },
    ]) {
      expect(observe(socket.send(bytesOf('x'), to)).end).toBe('complete');
    }
    expect(observe(socket.send(bytesOf('x'), { host: 'nobody', port: 1 })).end).toEqual({
      error: 'unknown-host',
    });
  });

  test('a port is used once, 0 is any free one, and closing frees it', () => {
    const { near } = world();
    expect(observe(near.bind(5_000)).end).toEqual({ error: 'port-in-use' });
    expect([now(near.bind(0)).port, now(near.bind(0)).port]).toEqual([50_000, 50_001]);
    observe(near.bind(6_000)).unsubscribe();
    expect(now(near.bind(6_000)).port).toBe(6_000);
  });

  test('are lost, doubled and overtaken by chance, and the same way with the same seed', () => {
    const play = (seed: number) => {
      const w = world({ seed, latency: 1 }, { loss: 0.1, duplication: 0.1, reordering: 0.1 });
      for (const number of numbers) {
        w.send(number);
        w.advance(1);
      }
      w.run();
      return texts(w.seen.values);
    };
    const came = play(1);
    const different = new Set(came);
    expect(different.size).toBeGreaterThan(850);
    expect(different.size).toBeLessThan(950);
    expect(came.length).toBeGreaterThan(different.size + 50);
    expect(came).not.toEqual([...came].sort((a, b) => Number(a) - Number(b)));
    expect(play(1)).toEqual(came);
    expect(play(2)).not.toEqual(came);
  });

  test('do not reach a host that has vanished, and are not sent again', () => {
    const w = world();
    w.far.vanish();
    w.send('lost');
    w.far.reappear();
    w.send('found');
    expect(texts(w.seen.values)).toEqual(['found']);
  });
});

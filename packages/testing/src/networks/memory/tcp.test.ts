import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, now, observe, received, textOf } from '../../../test/observing.js';
import { virtualTime } from '../../../test/virtual-time.js';
import { type MemoryHostOptions, type MemoryInternetOptions, memoryInternet } from './internet.js';
import type { MemoryConnection } from './tcp-pair.js';

const SERVER = { host: '10.0.0.1', port: 80 };

/** A client and a server that is listening, on a clock of their own. */
function world(options: MemoryInternetOptions = {}, server: MemoryHostOptions = {}) {
  const time = virtualTime();
  const internet = memoryInternet({ scheduler: time.scheduler, ...options });
  const hosts = { client: internet.host('10.0.0.2'), server: internet.host(SERVER.host, server) };
  const accepted = observe(hosts.server.serve(SERVER.port));
  const connect = () => observe(hosts.client.connect(SERVER));
  return { ...time, internet, ...hosts, accepted, connect };
}

/** The two ends of a connection, after the time that it took. */
function joined(w: ReturnType<typeof world>): [near: MemoryConnection, far: MemoryConnection] {
  const opened = w.connect();
  w.run();
  return [opened.values[0] as MemoryConnection, w.accepted.values.at(-1) as MemoryConnection];
}

describe('connecting', () => {
  test('takes no time where there is no latency, and tells who is there', () => {
    const w = world();
    const near = now(w.client.connect(SERVER));
    const [far] = w.accepted.values;
    expect([near.local, near.remote]).toEqual([{ host: '10.0.0.2', port: 50_000 }, SERVER]);
    expect([far?.local, far?.remote]).toEqual([SERVER, { host: '10.0.0.2', port: 50_000 }]);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('takes a round trip, the server has it after half of that', () => {
    const w = world({ latency: 30 });
    const opened = w.connect();
    w.advance(30);
    expect([w.accepted.values.length, opened.values.length]).toEqual([1, 0]);
    w.advance(30);
    expect(opened.values).toHaveLength(1);
  });

  test('is refused where no server listens, also a second server on the port', () => {
    const w = world();
    expect(observe(w.client.connect({ ...SERVER, port: 81 })).end).toEqual({ error: 'refused' });
    expect(observe(w.server.serve(80)).end).toEqual({ error: 'port-in-use' });
    w.accepted.unsubscribe();
    expect(observe(w.client.connect(SERVER)).end).toEqual({ error: 'refused' });
  });

  test('a black hole is given up after 28 s, a host that does not exist at once', () => {
    const w = world({}, { closedPorts: 'drop' });
    const lost = observe(w.client.connect({ ...SERVER, port: 81 }));
    w.advance(27_999);
    expect(lost.end).toBe('open');
    w.advance(1);
    expect(lost.end).toEqual({ error: 'timeout' });
    expect(observe(w.client.connect({ host: '10.0.0.9', port: 1 })).end).toEqual({ error: 'unreachable' });
  });

  test('given up in the middle, it frees its port', () => {
    const w = world({ latency: 10 });
    const opened = w.connect();
    w.advance(15);
    opened.unsubscribe();
    w.run();
    expect(received(w.accepted.values[0] as MemoryConnection).end).toBe('error');
    expect(w.scheduler.actions).toEqual([]);
  });

  test('a local port is used once at a time', () => {
    const w = world();
    const near = now(w.client.connect(SERVER, 1234));
    expect(near.local.port).toBe(1234);
    expect(observe(w.client.connect(SERVER, 1234)).end).toEqual({ error: 'port-in-use' });
    observe(near.close());
    expect(now(w.client.connect(SERVER, 1234)).local.port).toBe(1234);
  });
});

describe('names', () => {
  test('lead to addresses, in any case, after the time of the name server', () => {
    const w = world({ nameLatency: 20 }, { names: ['Example.com'] });
    const found = observe(w.client.resolve('example.COM'));
    w.advance(19);
    expect(found.values).toEqual([]);
    w.advance(1);
    expect(found.values).toEqual([['10.0.0.1']]);
    const opened = observe(w.client.connect({ host: 'example.com', port: 80 }));
    w.run();
    expect(opened.values[0]?.remote).toEqual(SERVER);
  });

  test('can be changed and forgotten', () => {
    const w = world();
    w.internet.name('a', '10.0.0.7', '10.0.0.8');
    expect(now(w.client.resolve('a'))).toEqual(['10.0.0.7', '10.0.0.8']);
    w.internet.name('a');
    expect(observe(w.client.resolve('a')).end).toEqual({ error: 'unknown-host' });
    expect(observe(w.client.connect({ host: 'a', port: 1 })).end).toEqual({ error: 'unknown-host' });
  });
});

describe('bytes', () => {
  test('arrive after the latency, and are taken when that is known', () => {
    const w = world({ latency: 5 });
    const [near, far] = joined(w);
    const seen = received(far);
    const written = observe(near.write(bytesOf('hello')));
    w.advance(5);
    expect([seen.text, written.end]).toEqual(['hello', 'open']);
    w.advance(5);
    expect(written.end).toBe('complete');
  });

  test('take the time of the slower end of the line', () => {
    const w = world({}, { bandwidth: 1_000 });
    const [near, far] = joined(w);
    const seen = received(far);
    const start = w.scheduler.now();
    observe(near.write(new Uint8Array(500)));
    observe(near.write(new Uint8Array(500)));
    w.advance(500);
    expect(seen.text).toHaveLength(500);
    expect(w.run() - start).toBe(1_000);
    expect(seen.text).toHaveLength(1_000);
  });

  test('are kept for a peer that does not read, as far as its window goes', () => {
    const w = world({}, { window: 1_000 });
    const [near, far] = joined(w);
    const writes = Array.from({ length: 5 }, () => observe(near.write(new Uint8Array(300))));
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete', 'open', 'open']);
    expect(received(far).text).toHaveLength(1_500);
    expect(writes.every(({ end }) => end === 'complete')).toBe(true);
  });

  test('a window and a latency bound the throughput', () => {
    const w = world({ latency: 50 });
    w.client.conditions.flight = 1_000;
    const [near, far] = joined(w);
    const seen = received(far);
    const start = w.scheduler.now();
    observe(near.write(new Uint8Array(10_000)));
    expect(w.run() - start).toBe(10 * 100);
    expect(seen.text).toHaveLength(10_000);
  });

  test('a write that is cancelled before its turn is not sent', () => {
    const w = world({}, { window: 0 });
    const [near, far] = joined(w);
    observe(near.write(bytesOf('a')));
    observe(near.write(bytesOf('b'))).unsubscribe();
    observe(near.write(bytesOf('c')));
    expect(received(far).text).toBe('ac');
  });

  test('come through whole and in order, whatever the way is like', () => {
    const conditions = fc.record({
      latency: fc.oneof(fc.constant(0), fc.tuple(fc.nat(20), fc.integer({ min: 21, max: 80 }))),
      bandwidth: fc.constantFrom(Number.POSITIVE_INFINITY, 1_000, 50_000),
      window: fc.constantFrom(0, 1, 100, 65_535),
      flight: fc.constantFrom(1, 700, 65_535),
    });
    const chunks = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 });
    fc.assert(
      fc.property(
        conditions,
        chunks,
        chunks,
        fc.array(fc.nat(100), { maxLength: 10 }),
        (path, to, from, pauses) => {
          const w = world({}, path);
          const [near, far] = joined(w);
          const [atNear, atFar] = [received(near), received(far)];
          for (const chunk of to) observe(near.write(chunk));
          for (const chunk of from) observe(far.write(chunk));
          for (const pause of pauses) {
            far.pause();
            w.advance(pause);
            far.resume();
            w.advance(pause);
          }
          observe(near.close());
          w.run();
          expect(atFar.text).toBe(to.map(textOf).join(''));
          expect(from.map(textOf).join('').startsWith(atNear.text)).toBe(true);
          expect([atNear.end, atFar.end]).toEqual(['complete', 'complete']);
          expect(w.scheduler.actions).toEqual([]);
        },
      ),
    );
  });
});

describe('an end', () => {
  test('closing delivers what was written before, on both sides', () => {
    const w = world({ latency: 5 });
    const [near, far] = joined(w);
    const [atNear, atFar] = [received(near), received(far)];
    const [nearEnd, farEnd] = [observe(near.ended$), observe(far.ended$)];
    observe(near.write(bytesOf('bye')));
    const closed = observe(near.close());
    expect(observe(near.write(bytesOf('late'))).end).toEqual({ error: 'TRANSPORT_CLOSED' });
    w.run();
    expect([atFar.text, atFar.end, atNear.end, closed.end]).toEqual([
      'bye',
      'complete',
      'complete',
      'complete',
    ]);
    expect([nearEnd.values, farEnd.values]).toEqual([[{ by: 'local' }], [{ by: 'remote' }]]);
    expect(observe(far.write(bytesOf('x'))).end).toEqual({ error: 'TRANSPORT_CLOSED' });
    expect(observe(far.close()).end).toBe('complete');
  });

  test('a half-close lets the other direction go on', () => {
    const w = world();
    const [near, far] = joined(w);
    const [atNear, atFar] = [received(near), received(far)];
    observe(near.write(bytesOf('question')));
    expect(observe(near.end()).end).toBe('complete');
    expect([atFar.text, atFar.end]).toEqual(['question', 'complete']);
    observe(far.write(bytesOf('answer')));
    observe(far.close());
    expect([atNear.text, atNear.end]).toEqual(['answer', 'complete']);
  });

  test('a half-closed end can be closed', () => {
    const w = world();
    const [near, far] = joined(w);
    observe(near.end());
    expect(observe(near.close()).end).toBe('complete');
    expect(observe(far.ended$).values).toEqual([{ by: 'remote' }]);
  });

  test('a reset loses the other end, with what it was still sending', () => {
    const w = world({}, { window: 0 });
    const [near, far] = joined(w);
    const stuck = observe(near.write(bytesOf('x')));
    far.reset();
    expect(observe(near.received$).end).toEqual({ error: 'reset' });
    expect(observe(far.received$).end).toEqual({ error: 'reset' });
    expect(stuck.end).toEqual({ error: 'reset' });
  });
});

describe('a host that vanishes leaves its connections half-open', () => {
  test('who sends to it gives up after 31.5 s', () => {
    const w = world();
    const [near] = joined(w);
    const seen = received(near);
    w.server.vanish();
    w.advance(100_000);
    expect(seen.end).toBe('open');
    const written = observe(near.write(bytesOf('anyone?')));
    w.advance(31_499);
    expect(written.end).toBe('open');
    w.advance(1);
    expect([written.end, seen.end]).toEqual([{ error: 'timeout' }, 'error']);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('who waits for a closed window of it gives up, too', () => {
    for (const early of [true, false]) {
      const w = world({}, { window: 0 });
      const [near] = joined(w);
      if (!early) w.server.vanish();
      const written = observe(near.write(bytesOf('anyone?')));
      w.advance(100_000);
      if (early) w.server.vanish();
      w.advance(31_500);
      expect(written.end).toEqual({ error: 'timeout' });
    }
  });

  test('who probes notices without sending', () => {
    const w = world();
    const [near] = joined(w);
    near.keepAlive?.({ idle: 60_000, interval: 10_000, count: 3 });
    const seen = observe(near.received$);
    w.server.vanish();
    w.advance(90_000);
    expect(seen.end).toEqual({ error: 'timeout' });
  });

  test('when it is back in time, nothing is lost', () => {
    const w = world();
    const [near, far] = joined(w);
    const seen = received(far);
    near.keepAlive?.({ idle: 10_000, interval: 10_000, count: 3 });
    w.server.vanish();
    const written = ['one', 'two'].map((text) => observe(near.write(bytesOf(text))));
    w.advance(20_000);
    w.server.reappear();
    expect([seen.text, ...written.map(({ end }) => end)]).toEqual(['onetwo', 'complete', 'complete']);
    w.run();
    expect(observe(near.ended$).values).toEqual([]);
  });

  test('a connection to it is not answered', () => {
    const w = world();
    w.server.vanish();
    const opened = w.connect();
    w.run();
    expect(opened.end).toEqual({ error: 'timeout' });
  });
});

import { turnaround } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../tools/thorough.js';
import { observe, openNetwork, type World, world } from '../test/world.js';
import type { Network } from './network/network.js';
import type { TcpSocket } from './sockets/tcp-socket.js';

/** Bytes that tell their place in the stream, modulo 251. */
const PATTERN = Uint8Array.from({ length: 131_072 }, (_, at) => at % 251);
const PERIOD = 251;
/** A multiple of the period, so that one after the other is the pattern again. */
const BLOCK = PATTERN.subarray(0, 256 * PERIOD);
/** How much goes through, in MB. */
const SIZE = effort(5, 100);
const BLOCKS = Math.ceil((SIZE * 1_000_000) / BLOCK.length);
const ALL = BLOCKS * BLOCK.length;

/** The most that one read gives, or one send takes. */
const READ_LENGTH = 1_500;
/** What the module keeps of a link that is not read. */
const MODULE_BUFFER = 64_240;

/** Counts bytes, and whether each stands where it should. */
function counter() {
  const seen = { count: 0, wrong: 0 };
  const take = (bytes: Uint8Array) => {
    const at = seen.count % PERIOD;
    if (Buffer.compare(bytes, PATTERN.subarray(at, at + bytes.length)) !== 0) seen.wrong += 1;
    seen.count += bytes.length;
  };
  return { seen, take };
}

/** A world that counts the bytes which are read from the module, and keeps the last payload sent. */
function metered(emulated: Parameters<typeof world>[0] = {}) {
  const meter = { read: 0, payloads: 0, copied: 0 };
  const w = world(emulated, {
    fullTrace(entry) {
      if (entry.kind === 'received' && entry.event.kind === 'payload') meter.read += entry.event.raw.length;
      if (entry.kind !== 'payload') return;
      meter.payloads += 1;
      if (entry.bytes.buffer !== PATTERN.buffer) meter.copied += entry.bytes.length;
    },
  });
  return { w, meter };
}

/** A connection to a host of its own, and the host's end. */
function connection(w: World, network: Network, host: string) {
  const accepted = observe(w.outside.serve(host, 80));
  const socket = observe(network.connect({ host, port: 80 }));
  w.advance(100);
  return { socket: socket.last, far: accepted.last };
}

/** A consumer that takes a byte a second: each chunk keeps it busy for as many seconds as it has bytes. */
function trickle(w: World, socket: TcpSocket, take: (bytes: Uint8Array) => void) {
  return socket.received$.subscribe((bytes) => {
    take(bytes);
    socket.pause();
    w.scheduler.schedule(() => socket.resume(), bytes.length * 1_000);
  });
}

describe('a consumer that takes a byte a second', () => {
  test(`leaves ${SIZE} MB with the module and the peer, and loses nothing`, () => {
    const { w, meter } = metered();
    const { socket, far } = connection(w, openNetwork(w).last, 'example.com');
    const { seen, take } = counter();
    const slow = trickle(w, socket, take);
    let sent = 0;
    for (let block = 0; block < BLOCKS; block++)
      far.write(BLOCK).subscribe({ complete: () => (sent += BLOCK.length) });

    for (let hours = 1; hours <= 3; hours++) {
      w.advance(3_600_000);
      expect(seen.count).toBeLessThanOrEqual(hours * 3_600 + READ_LENGTH);
      expect(meter.read - seen.count).toBeLessThanOrEqual(READ_LENGTH);
      expect(sent).toBeLessThanOrEqual(meter.read + MODULE_BUFFER + BLOCK.length);
    }

    slow.unsubscribe();
    socket.received$.subscribe(take);
    socket.resume();
    w.advance(60_000);
    expect(seen).toEqual({ count: ALL, wrong: 0 });
    expect(sent).toBe(ALL);
  });

  test('leaves the other links their full speed', () => {
    const size = 2 * BLOCK.length;
    /** Virtual time in ms in which three links receive that many bytes each. */
    const timeOf = (withSlow: boolean) => {
      const w = world({ uart: { baudRate: 115_200 }, timing: turnaround(2) });
      const network = openNetwork(w).last;
      if (withSlow) {
        const { socket, far } = connection(w, network, '10.3.0.9');
        for (let block = 0; block < BLOCKS; block++) far.write(BLOCK).subscribe();
        trickle(w, socket, () => {});
      }
      const fast = ['10.3.0.1', '10.3.0.2', '10.3.0.3'].map((host) => connection(w, network, host));
      const began = w.scheduler.now();
      let ended = began;
      for (const { socket, far } of fast) {
        const { seen, take } = counter();
        socket.received$.subscribe((bytes) => {
          take(bytes);
          if (seen.count === size) ended = w.scheduler.now();
        });
        for (let block = 0; block < 2; block++) far.write(BLOCK).subscribe();
      }
      w.advance(600_000);
      return ended - began;
    };
    const alone = timeOf(false);
    expect(alone).toBeGreaterThan(0);
    expect(timeOf(true) / alone).toBeLessThan(1.01);
  });
});

describe(`a producer that writes ${SIZE} MB at once`, () => {
  test('keeps its bytes until they are taken: nothing is copied, writes complete one by one', () => {
    const { w, meter } = metered();
    const { socket, far } = connection(w, openNetwork(w).last, 'example.com');
    const { seen, take } = counter();
    far.pause();
    far.received$.subscribe(take);
    const size = 240 * PERIOD;
    const count = Math.ceil((SIZE * 1_000_000) / size);
    let done = 0;
    let early = 0;
    for (let index = 0; index < count; index++) {
      socket.write(PATTERN.subarray(0, size)).subscribe({
        complete() {
          done += 1;
          if (seen.count + MODULE_BUFFER < done * size) early += 1;
        },
      });
    }
    w.advance(10_000);
    // The peer does not read: the module takes what it has room for, and is asked twice a second.
    expect(done).toBe(Math.floor(MODULE_BUFFER / size));
    const offered = meter.payloads;
    w.advance(10_000);
    expect(meter.payloads - offered).toBeLessThanOrEqual(10 * 2 + 1);

    far.resume();
    w.advance(60_000);
    expect({ done, early, seen }).toEqual({ done: count, early: 0, seen: { count: count * size, wrong: 0 } });
    // Only a chunk that spans two writes is put together.
    expect(meter.copied).toBeLessThanOrEqual(count * READ_LENGTH);
  });
});

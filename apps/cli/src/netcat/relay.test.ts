import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex, PassThrough, Writable } from 'node:stream';
import { ModemSocket } from '@a7600/tcpip/node';
import { expect, test, vi } from 'vitest';
import { onlineForAll, serving } from '../../../../packages/tcpip/test/online.js';
import { relay } from './relay.js';

const modem = onlineForAll();

async function connected(onConnection: (socket: Socket) => void, options = {}) {
  const { port } = await serving(modem.open, onConnection, options);
  const socket = new ModemSocket(modem.net);
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Two streams of which each reads what the other is given. */
function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: number) =>
    new Duplex({
      read() {},
      write(chunk, _, callback) {
        ends[other]?.push(chunk);
        callback();
      },
    });
  ends.push(end(1), end(0));
  return ends as [Duplex, Duplex];
}

/** An output that keeps what it is given. */
function collected() {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk, _, callback) {
      chunks.push(chunk);
      callback();
    },
  });
  return { output, text: () => Buffer.concat(chunks).toString() };
}

test('sends the input, and writes what comes until the peer ends, whether the input has ended or not', async () => {
  const socket = await connected((peer) => peer.once('data', (bytes) => peer.end(`got ${bytes}`)));
  const input = new PassThrough();
  input.write('hello');
  const { output, text } = collected();
  await relay(input, output, socket, 10_000);
  expect(text()).toBe('got hello');
});

test('an answer that comes after the end of the input is not lost', async () => {
  const input = new PassThrough();
  const socket = await connected((peer) => {
    peer.once('data', () => {
      if (input.readableEnded) peer.end('late');
      else input.once('end', () => peer.end('late'));
    });
  });
  input.end('hello');
  const { output, text } = collected();
  await relay(input, output, socket, 10_000);
  expect(text()).toBe('late');
});

test('the connection is closed after the hold time, which each byte of the peer starts again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const [near, far] = duplexPair();
    const input = new PassThrough();
    const { output, text } = collected();
    const relayed = relay(input, output, near as Socket, 200);
    input.end();
    await once(input, 'end');
    for (let count = 0; count < 5; count++) {
      vi.advanceTimersByTime(199);
      const came = once(near, 'data');
      far.write('.');
      await came;
    }
    expect(near.destroyed).toBe(false);
    vi.advanceTimersByTime(200);
    await relayed;
    expect(text()).toBe('.....');
  } finally {
    vi.useRealTimers();
  }
});

test('all of a long input is sent before the hold time counts', async () => {
  let received = 0;
  const socket = await connected((peer) => peer.on('data', ({ length }) => (received += length)));
  const input = new PassThrough();
  input.end(Buffer.alloc(500_000));
  await relay(input, collected().output, socket, 100);
  expect(received).toBe(500_000);
});

test('a reader of the output that leaves ends the connection without an error', async () => {
  const socket = await connected((peer) => peer.write('x'.repeat(100_000)));
  const output = new Writable({
    write: (_, __, callback) => callback(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
  });
  await relay(new PassThrough(), output, socket, 10_000);
  expect(socket.destroyed).toBe(true);
});

test('a peer that ended before the relay began', async () => {
  const socket = await connected((peer) => peer.end());
  await once(socket.resume(), 'end');
  await relay(new PassThrough(), collected().output, socket, 10_000);
  expect(socket.destroyed).toBe(true);
});

test('an abort ends the connection at once, without an error', async () => {
  const socket = await connected(() => {});
  const abort = new AbortController();
  const input = new PassThrough();
  input.end();
  const relayed = relay(input, collected().output, socket, 30_000, abort.signal);
  abort.abort();
  await relayed;
  expect(socket.destroyed).toBe(true);
});

test('a connection that breaks is an error', async () => {
  const socket = await connected(() => {});
  const relayed = relay(new PassThrough(), collected().output, socket, 10_000);
  socket.destroy(new Error('broken'));
  await expect(relayed).rejects.toThrow('broken');
});

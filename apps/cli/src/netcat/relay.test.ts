import { once } from 'node:events';
import type { Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { ModemSocket } from '@a7600/tcpip/node';
import { expect, test } from 'vitest';
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
  const socket = await connected((peer) => peer.once('data', () => setTimeout(() => peer.end('late'), 200)));
  const input = new PassThrough();
  input.end('hello');
  const { output, text } = collected();
  await relay(input, output, socket, 10_000);
  expect(text()).toBe('late');
});

test('the connection is closed after the hold time, which each byte of the peer starts again', async () => {
  const socket = await connected((peer) => {
    let ticks = 0;
    const timer = setInterval(() => (ticks++ < 5 ? peer.write('.') : clearInterval(timer)), 60);
  });
  const input = new PassThrough();
  input.end();
  const { output, text } = collected();
  await relay(input, output, socket, 200);
  expect(text()).toBe('.....');
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

test('a connection that breaks is an error', async () => {
  const socket = await connected(() => {});
  const relayed = relay(new PassThrough(), collected().output, socket, 10_000);
  socket.destroy(new Error('broken'));
  await expect(relayed).rejects.toThrow('broken');
});

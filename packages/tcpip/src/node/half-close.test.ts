import { once } from 'node:events';
import { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { onlineForAll, serving } from '../../test/online.js';
import { ModemSocket, type ModemSocketOptions } from './socket.js';

const modem = onlineForAll();

const made = (port: number, options: ModemSocketOptions = {}) =>
  new ModemSocket(modem.net, options).connect(port, '127.0.0.1');

/** Takes what comes, and counts it. */
function counting() {
  let count = 0;
  const sink = new Writable({
    write(bytes, _, callback) {
      count += bytes.length;
      callback();
    },
  });
  return { sink, count: () => count };
}

/** Each is what Node does, and what the modem does. */
describe.each([
  ['net.Socket', (port: number) => new Socket().connect(port, '127.0.0.1')],
  ['ModemSocket', made],
])('%s', (_, connect: (port: number) => Socket) => {
  test('an answer that the peer gives without being told the end arrives', async () => {
    const { port } = await serving(modem.open, (peer) =>
      peer.once('data', (asked) => setImmediate(() => peer.end(`you asked ${asked}`))),
    );
    expect(await text(connect(port).end('query'))).toBe('you asked query');
  });

  test('a pipeline through a peer that ends by itself delivers all of it', async () => {
    const size = 200_000;
    const { port } = await serving(modem.open, (peer) => {
      let left = size;
      peer.on('data', (bytes: Buffer) => {
        left -= bytes.length;
        peer.write(bytes);
        if (left === 0) peer.end();
      });
    });
    const { sink, count } = counting();
    await pipeline(Readable.from([Buffer.alloc(size)]), connect(port), sink);
    expect(count()).toBe(size);
  });

  test('a late reader gets what the peer has sent, or an error', async () => {
    const { port } = await serving(modem.open, (peer) => peer.end('greeting'));
    const socket = connect(port);
    await once(socket, 'connect');
    socket.end();
    await once(socket, 'finish');
    expect(await text(socket).catch((error) => error.code)).toMatch(
      /^greeting$|^ERR_STREAM_PREMATURE_CLOSE$/,
    );
  });
});

test('a peer that waits for the end is given its time, then the reader fails, with the reason', async () => {
  const { port } = await serving(modem.open, (peer) => peer.resume().on('end', () => peer.end('late')), {
    allowHalfOpen: true,
  });
  const socket = made(port, { halfCloseTimeout: 20 });
  const errors: Error[] = [];
  socket.on('error', (error) => errors.push(error));
  const closed = once(socket, 'close');
  await expect(text(socket.end('query'))).rejects.toMatchObject({
    code: 'ERR_STREAM_PREMATURE_CLOSE',
    message: expect.stringContaining('halfCloseTimeout'),
  });
  // Who has said goodbye and hears `close` has no error to handle.
  expect([errors, await closed]).toEqual([[], [false]]);
});

test('a pipeline through a peer that waits for the end rejects', async () => {
  const { port } = await serving(modem.open, (peer) => peer.pipe(peer));
  const { sink, count } = counting();
  const piped = pipeline(Readable.from([Buffer.alloc(50_000)]), made(port, { halfCloseTimeout: 50 }), sink);
  await expect(piped).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expect(count()).toBe(50_000);
});

test('without a reader, end() closes at once', async () => {
  const ended = new Promise<string>((resolve) => {
    void serving(modem.open, (peer) => void text(peer).then(resolve)).then(({ port }) => {
      made(port, { halfCloseTimeout: 3_600_000 }).end('last words');
    });
  });
  expect(await ended).toBe('last words');
});

test('with allowHalfOpen, end() waits for the peer also without a reader', async () => {
  const { port } = await serving(modem.open, (peer) => peer.once('data', () => peer.end('answer')));
  const socket = made(port, { allowHalfOpen: true, halfCloseTimeout: 3_600_000 }).end('query');
  await once(socket, 'finish');
  expect(await text(socket)).toBe('answer');
});

test('a link that is closed while a program reads gives what the module holds first', async () => {
  const { port } = await serving(modem.open, (peer) => peer.end('x'.repeat(5_000)));
  const socket = made(port);
  const link = modem.net.connect({ host: '127.0.0.1', port });
  const received: Uint8Array[] = [];
  await new Promise<void>((resolve) => {
    link.subscribe((opened) => {
      opened.received$.subscribe((bytes) => {
        received.push(bytes);
        if (received.length === 1) opened.close().subscribe({ complete: resolve });
      });
    });
  });
  expect(Buffer.concat(received).length).toBe(5_000);
  socket.destroy();
});

import { once } from 'node:events';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { onlineForAll, serving } from '../../test/online.js';
import { ModemSocket } from './socket.js';

const modem = onlineForAll();

const noise = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));

/** The events of a socket, in order, errors with what a program can tell them by. */
function eventsOf(socket: Socket): unknown[] {
  const seen: unknown[] = [];
  for (const name of ['connect', 'ready', 'end', 'timeout']) socket.on(name, () => seen.push(name));
  socket.on(
    'error',
    ({ code, syscall, address, port }: NodeJS.ErrnoException & { address?: string; port?: number }) =>
      seen.push({ code, syscall, address, port }),
  );
  socket.on('close', (hadError: boolean) => seen.push(['close', hadError]));
  return seen;
}

const closings = new WeakMap<Socket, Promise<void>>();

/** Each is what Node does, and what the modem does. */
describe.each([
  ['net.Socket', () => new Socket()],
  ['ModemSocket', () => new ModemSocket(modem.net)],
])('%s', (_, make: () => Socket) => {
  const create = () => {
    const socket = make();
    // `socket.closed` is true before the event.
    closings.set(socket, new Promise((resolve) => socket.on('close', () => resolve())));
    return socket;
  };

  test('connects, talks, and closes when the peer does', async () => {
    const { port } = await serving(modem.open, (peer) =>
      peer.once('data', (bytes) => peer.end(`you said ${bytes}`)),
    );
    const socket = create();
    const seen = eventsOf(socket);
    expect([socket.pending, socket.connecting, socket.readyState]).toEqual([true, false, 'open']);
    expect(socket.connect(port, '127.0.0.1', () => seen.push('callback'))).toBe(socket);
    expect([socket.pending, socket.connecting, socket.readyState]).toEqual([true, true, 'opening']);
    expect(seen).toEqual([]);
    socket.write('hello');
    await once(socket, 'connect');
    expect([socket.pending, socket.connecting, socket.readyState]).toEqual([false, false, 'open']);
    expect(await text(socket)).toBe('you said hello');
    await closed(socket);
    expect(seen).toEqual(['connect', 'callback', 'ready', 'end', ['close', false]]);
    expect([socket.readyState, socket.destroyed, socket.bytesRead, socket.bytesWritten]).toEqual([
      'closed',
      true,
      14,
      5,
    ]);
  });

  test('connects with options, and knows the addresses', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    expect(socket.address()).toEqual({});
    socket.connect({ port, host: '127.0.0.1' });
    await once(socket, 'ready');
    expect([socket.remoteAddress, socket.remotePort, socket.remoteFamily]).toEqual([
      '127.0.0.1',
      port,
      'IPv4',
    ]);
    expect([socket.localAddress, socket.localFamily]).toEqual(['127.0.0.1', 'IPv4']);
    expect(socket.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' });
    socket.destroy();
  });

  test('a refused connection is an error with a code, then closed', async () => {
    const port = await freePort();
    const socket = create();
    const seen = eventsOf(socket);
    socket.connect(port, '127.0.0.1');
    await closed(socket);
    expect(seen).toEqual([
      { code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port },
      ['close', true],
    ]);
  });

  test('what is written before the connection fails is told so', async () => {
    const port = await freePort();
    const socket = create().on('error', () => {});
    socket.connect(port, '127.0.0.1');
    const error = await new Promise<Error | null | undefined>((resolve) => socket.write('x', resolve));
    expect(error).toBeInstanceOf(Error);
  });

  test('a socket that never connected takes nothing', async () => {
    const socket = create();
    const seen = eventsOf(socket);
    socket.write('x');
    await closed(socket);
    expect(seen).toMatchObject([{ code: 'ERR_SOCKET_CLOSED' }, { 0: 'close' }]);
  });

  test('a socket that was destroyed while it connected says nothing but closed', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    const seen = eventsOf(socket);
    socket.connect(port, '127.0.0.1');
    socket.destroy();
    await closed(socket);
    expect(seen).toEqual([['close', false]]);
  });

  test('destroyed with an error, it tells the error', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const seen = eventsOf(socket);
    socket.destroy(Object.assign(new Error('mine'), { code: 'MINE' }));
    await closed(socket);
    expect(seen).toMatchObject([{ code: 'MINE' }, ['close', true]]);
  });

  test('can connect again after it was closed', async () => {
    const { port } = await serving(modem.open, (peer) => peer.end('again'));
    const socket = create();
    for (let turn = 0; turn < 3; turn++) {
      const closing = new Promise((resolve) => socket.once('close', resolve));
      socket.connect(port, '127.0.0.1');
      expect(await text(socket)).toBe('again');
      await closing;
    }
    const refused = await freePort();
    socket.connect(refused, '127.0.0.1');
    await Promise.all([once(socket, 'error'), new Promise((resolve) => socket.once('close', resolve))]);
    socket.connect(port, '127.0.0.1');
    expect(await text(socket)).toBe('again');
  });

  test('connects again from the event that it closed', async () => {
    const { port } = await serving(modem.open, (peer) => peer.end('again'));
    const socket = create().on('error', () => {});
    let turns = 0;
    const connected = new Promise((resolve) => socket.on('connect', resolve));
    socket.on('close', () => {
      turns += 1;
      if (turns === 1) socket.connect(port, '127.0.0.1');
    });
    socket.connect(await freePort(), '127.0.0.1');
    await connected;
    expect(await text(socket)).toBe('again');
  });

  test('carries every byte both ways, with backpressure', async () => {
    const { port } = await serving(modem.open, (peer) => peer.pipe(peer), { allowHalfOpen: true });
    const socket = create();
    socket.connect(port, '127.0.0.1');
    const back = read(socket, noise.length);
    for (let at = 0; at < noise.length; at += 20_000)
      if (!socket.write(noise.subarray(at, at + 20_000))) await once(socket, 'drain');
    expect((await back).equals(noise)).toBe(true);
    expect([socket.bytesRead, socket.bytesWritten]).toEqual([noise.length, noise.length]);
    socket.destroy();
  });

  test('end() sends what is queued, then closes', async () => {
    const received = new Promise<Buffer>((resolve) => {
      void serving(modem.open, (peer) => void buffer(peer).then(resolve)).then(({ port }) => {
        const socket = create();
        socket.connect(port, '127.0.0.1');
        void pipeline(Readable.from([noise.subarray(0, 100_000), noise.subarray(100_000)]), socket);
      });
    });
    expect((await received).equals(noise)).toBe(true);
  });

  test('end() before the connection is there sends everything, too', async () => {
    const received = new Promise<string>((resolve) => {
      void serving(modem.open, (peer) => void text(peer).then(resolve)).then(({ port }) => {
        const socket = create();
        socket.connect(port, '127.0.0.1');
        socket.write('first ');
        socket.end('last');
      });
    });
    expect(await received).toBe('first last');
  });

  test('destroySoon() sends what is queued', async () => {
    const received = new Promise<number>((resolve) => {
      void serving(modem.open, (peer) => void buffer(peer).then((bytes) => resolve(bytes.length))).then(
        ({ port }) => {
          const socket = create();
          socket.connect(port, '127.0.0.1', () => {
            socket.write(noise);
            socket.destroySoon();
          });
        },
      );
    });
    expect(await received).toBe(noise.length);
  });

  test('resetAndDestroy() closes at once; without a connection it is an error', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const seen = eventsOf(socket);
    expect(socket.resetAndDestroy()).toBe(socket);
    await closed(socket);
    expect(seen).toEqual([['close', false]]);
    const unused = create();
    const [error] = await Promise.all([once(unused, 'error'), unused.resetAndDestroy()]);
    expect(error).toMatchObject([{ code: 'ERR_SOCKET_CLOSED' }]);
  });

  test('is idle: the timeout is only an event', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    let called = 0;
    expect(socket.setTimeout(20, () => called++)).toBe(socket);
    expect(socket.timeout).toBe(20);
    socket.connect(port, '127.0.0.1');
    await once(socket, 'timeout');
    expect([called, socket.destroyed]).toEqual([1, false]);
    socket.setTimeout(0);
    socket.destroy();
  });

  test('setters can be chained', () => {
    const socket = create();
    expect(socket.setNoDelay(true).setKeepAlive(true, 1_000).setTimeout(0).ref().unref()).toBe(socket);
    socket.destroy();
  });

  test.each([[-1], [65_536], [1.5], ['http']])('port %j is refused', (port) => {
    const socket = create();
    const refused = expect.objectContaining({ code: 'ERR_SOCKET_BAD_PORT' });
    expect(() => socket.connect({ port: port as number, host: '127.0.0.1' })).toThrow(refused);
    socket.destroy();
  });

  test('a name is looked up the way that was asked for', async () => {
    const { port } = await serving(modem.open, () => {});
    const socket = create();
    const found = once(socket, 'lookup');
    socket.connect({
      port,
      host: 'broker.example',
      family: 4,
      lookup: (name, _, callback) => callback(null, name === 'broker.example' ? '127.0.0.1' : '', 4),
    });
    expect(await found).toEqual([null, '127.0.0.1', 4, 'broker.example']);
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  test('a name that cannot be found is an error of the lookup', async () => {
    const socket = create();
    const seen = eventsOf(socket);
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.invalid'), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: 'nowhere.invalid',
    });
    socket.connect({
      port: 1,
      host: 'nowhere.invalid',
      family: 4,
      lookup: (_name, _options, callback) => callback(missing, '', 4),
    });
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' });
    await closed(socket);
    expect(seen.at(-1)).toEqual(['close', true]);
  });

  test('writing to a peer that is gone fails with EPIPE or ECONNRESET', async () => {
    const { port } = await serving(modem.open, (peer) => peer.once('data', () => peer.resetAndDestroy()));
    const socket = create();
    socket.connect(port, '127.0.0.1');
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
    socket.on('connect', () => socket.write(noise));
    const { code } = await failed;
    expect(['EPIPE', 'ECONNRESET']).toContain(code);
  });
});

/** Resolves when a socket has closed for the first time, also when it already has. */
async function closed(socket: Socket): Promise<void> {
  await closings.get(socket);
}

/** The first `count` bytes that a socket receives. */
function read(socket: Socket, count: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    socket.on('data', (bytes: Buffer) => {
      chunks.push(bytes);
      length += bytes.length;
      if (length >= count) resolve(Buffer.concat(chunks));
    });
  });
}

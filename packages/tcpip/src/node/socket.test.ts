import { once } from 'node:events';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { EMPTY, NEVER, Observable, ReplaySubject, type Subscriber, Subscription } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeNetwork } from '../../test/fake-network.js';
import { freePort, type Online, online, serving } from '../../test/online.js';
import type { Network } from '../network/network.js';
import type { NetworkSource } from './modem-network.js';
import { ModemSocket } from './socket.js';

let open = new Subscription();
let modem: Online;
beforeAll(async () => {
  modem = await online();
});
afterAll(() => modem.close());
beforeEach(() => {
  open = new Subscription();
  modem.commands.length = 0;
});
afterEach(() => open.unsubscribe());

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
    const { port } = await serving(open, (peer) =>
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
    const { port } = await serving(open, () => {});
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
    const { port } = await serving(open, () => {});
    const socket = create();
    const seen = eventsOf(socket);
    socket.connect(port, '127.0.0.1');
    socket.destroy();
    await closed(socket);
    expect(seen).toEqual([['close', false]]);
  });

  test('destroyed with an error, it tells the error', async () => {
    const { port } = await serving(open, () => {});
    const socket = create();
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const seen = eventsOf(socket);
    socket.destroy(Object.assign(new Error('mine'), { code: 'MINE' }));
    await closed(socket);
    expect(seen).toMatchObject([{ code: 'MINE' }, ['close', true]]);
  });

  test('can connect again after it was closed', async () => {
    const { port } = await serving(open, (peer) => peer.end('again'));
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
    const { port } = await serving(open, (peer) => peer.end('again'));
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
    const { port } = await serving(open, (peer) => peer.pipe(peer), { allowHalfOpen: true });
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
      void serving(open, (peer) => void buffer(peer).then(resolve)).then(({ port }) => {
        const socket = create();
        socket.connect(port, '127.0.0.1');
        void pipeline(Readable.from([noise.subarray(0, 100_000), noise.subarray(100_000)]), socket);
      });
    });
    expect((await received).equals(noise)).toBe(true);
  });

  test('end() before the connection is there sends everything, too', async () => {
    const received = new Promise<string>((resolve) => {
      void serving(open, (peer) => void text(peer).then(resolve)).then(({ port }) => {
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
      void serving(open, (peer) => void buffer(peer).then((bytes) => resolve(bytes.length))).then(
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
    const { port } = await serving(open, () => {});
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
    const { port } = await serving(open, () => {});
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
    const { port } = await serving(open, () => {});
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
    const { port } = await serving(open, (peer) => peer.once('data', () => peer.resetAndDestroy()));
    const socket = create();
    socket.connect(port, '127.0.0.1');
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
    socket.on('connect', () => socket.write(noise));
    const { code } = await failed;
    expect(['EPIPE', 'ECONNRESET']).toContain(code);
  });
});

describe('over the modem', () => {
  const connected = async (port: number, net: NetworkSource = modem.net) => {
    const socket = new ModemSocket(net).connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };

  test('what is written in one turn, or before the connection, is one send', async () => {
    const { port } = await serving(open, (peer) => peer.pipe(peer), { allowHalfOpen: true });
    const socket = new ModemSocket(modem.net).connect(port, '127.0.0.1');
    for (const word of ['one ', 'two ', 'three ']) socket.write(word);
    expect((await read(socket, 14)).toString()).toBe('one two three ');
    expect(modem.sends()).toBe(1);
    for (const word of ['four ', 'five ', 'six']) socket.write(word);
    expect((await read(socket, 13)).toString()).toBe('four five six');
    expect(modem.sends()).toBe(2);
    socket.destroy();
  });

  test('an error says what the modem answered', async () => {
    const socket = new ModemSocket(modem.net).connect(await freePort(), '127.0.0.1');
    const [error] = await once(socket, 'error');
    expect(error.cause).toMatchObject({ code: 'CONNECT_REFUSED', number: 1 });
    expect(error).toMatchObject({ errno: -constants.errno.ECONNREFUSED });
  });

  test('an argument that the module cannot be given is EINVAL (pain point 42)', async () => {
    const socket = new ModemSocket(modem.net).connect(1, 'a"\r\nAT+CRESET');
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'EINVAL' });
  });

  test('a lost network is ENETDOWN, for those that are open and for new ones', async () => {
    const { port } = await serving(open, () => {});
    const own = await online();
    const socket = await connected(port, own.net);
    const failed = once(socket, 'error');
    own.module.control.loseBearer();
    expect((await failed)[0]).toMatchObject({
      code: 'ENETDOWN',
      syscall: 'read',
      cause: { code: 'NETWORK_LOST' },
    });
    const next = new ModemSocket(own.net).connect(port, '127.0.0.1');
    expect((await once(next, 'error'))[0]).toMatchObject({ code: 'ENETDOWN', syscall: 'connect' });
    await own.close();
  });

  test('a module that restarts is ECONNRESET', async () => {
    const { port } = await serving(open, () => {});
    const own = await online();
    const failed = once(await connected(port, own.net), 'error');
    own.module.control.restart();
    expect((await failed)[0]).toMatchObject({
      code: 'ECONNRESET',
      syscall: 'read',
      cause: { code: 'MODULE_RESTARTED' },
    });
    await own.close();
  });

  test('an observable of networks gives each connection the network of the moment', async () => {
    const { port } = await serving(open, (peer) => peer.end('here'));
    const networks = new ReplaySubject<Network>(1);
    const socket = new ModemSocket(networks).connect(port, '127.0.0.1');
    networks.next(modem.net);
    expect(await text(socket)).toBe('here');
  });

  test('what the peer sent before it closed is read before a write fails', async () => {
    const { port } = await serving(open, (peer) => {
      peer.write('too large');
      peer.once('data', () => peer.pause().end());
    });
    const socket = await connected(port);
    const seen: string[] = [];
    socket.on('data', (bytes) => seen.push(String(bytes)));
    socket.on('end', () => seen.push('end'));
    socket.on('error', ({ code, syscall }: NodeJS.ErrnoException) => seen.push(`${syscall} ${code}`));
    await new Promise((resolve) => {
      socket.on('close', resolve);
      socket.write(Buffer.alloc(16_000_000));
    });
    expect(seen).toEqual(['too large', 'end', 'write EPIPE']);
  });

  test('its type is that of a net.Socket, which libraries ask for', () => {
    const shaped: Socket = new ModemSocket(modem.net);
    expect(shaped).toBeInstanceOf(Socket);
    expect([shaped.bufferSize, shaped.autoSelectFamilyAttemptedAddresses]).toEqual([0, []]);
  });

  test('the little that is written after the peer has closed fails, but is no error of the socket', async () => {
    const { port } = await serving(open, (peer) => peer.end('bye'));
    const socket = new ModemSocket(modem.net, { allowHalfOpen: true });
    const closing = once(socket, 'close');
    socket.connect(port, '127.0.0.1').resume();
    await once(socket, 'end');
    const failure = await new Promise((resolve) => socket.write('bye, too', resolve));
    expect(failure).toMatchObject({ code: 'EPIPE', syscall: 'write' });
    expect(await closing).toEqual([false]);
  });

  test('local sockets of this computer are refused', () => {
    const connect = () => new ModemSocket(modem.net).connect({ path: '/run/x' });
    expect(connect).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });

  test('a name is looked up by the module, then the address is used', async () => {
    const { port } = await serving(open, (peer) => peer.end('here'));
    const socket = new ModemSocket(modem.net).connect({ port, host: 'localhost' });
    expect(await once(socket, 'lookup')).toEqual([null, '127.0.0.1', 4, 'localhost']);
    expect(await text(socket)).toBe('here');
    expect(modem.commands.filter((command) => /CDNSGIP|CIPOPEN=/.test(command))).toEqual([
      'AT+CDNSGIP="localhost"',
      `AT+CIPOPEN=9,"TCP","127.0.0.1",${port}`,
    ]);
  });

  test('a name that the module cannot find is ENOTFOUND', async () => {
    const socket = new ModemSocket(modem.net).connect(1, 'nowhere.invalid');
    expect((await once(socket, 'error'))[0]).toMatchObject({
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: 'nowhere.invalid',
    });
  });
});

test('a long write that makes progress is not idle', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  open.add(() => void vi.useRealTimers());
  const taken: Subscriber<never>[] = [];
  const link = {
    remote: { host: '10.3.0.1', port: 80 },
    received$: NEVER,
    ended$: NEVER,
    write: () => new Observable<never>((subscriber) => void taken.push(subscriber)),
    close: () => EMPTY,
    pause: () => {},
    resume: () => {},
  };
  const socket = new ModemSocket(fakeNetwork(() => link)).connect(80, '10.3.0.1');
  let timeouts = 0;
  socket.setTimeout(1_000, () => timeouts++);
  socket.write(Buffer.alloc(18_000));
  await once(socket, 'connect');
  expect(taken).toHaveLength(3);
  for (const portion of taken) {
    vi.advanceTimersByTime(900);
    portion.complete();
  }
  vi.advanceTimersByTime(999);
  expect(timeouts).toBe(0);
  vi.advanceTimersByTime(1);
  expect(timeouts).toBe(1);
  socket.destroy();
});

/** Resolves when a socket has closed for the first time, also when it already has. */
async function closed(socket: Socket): Promise<void> {
  await closings.get(socket);
}

/** The first `count` bytes that a socket receives. */
function read(socket: Socket, count: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    socket.on('data', (bytes: Buffer) => {
      pieces.push(bytes);
      length += bytes.length;
      if (length >= count) resolve(Buffer.concat(pieces));
    });
  });
}

import { once } from 'node:events';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { EMPTY, NEVER, Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { fakeNetwork } from '../../test/fake-network.js';
import { online, onlineForAll, serving } from '../../test/online.js';
import type { Network } from '../network/network.js';
import type { NetworkSource } from './modem-network.js';
import { ModemSocket } from './socket.js';

const modem = onlineForAll();

describe('over the modem', () => {
  const connected = async (port: number, net: NetworkSource = modem.net) => {
    const socket = new ModemSocket(net).connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };

  test('what is written in one turn, or before the connection, is one send', async () => {
    const { port } = await serving(modem.open, (peer) => peer.pipe(peer), { allowHalfOpen: true });
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
    const { port } = await serving(modem.open, () => {});
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
    const { port } = await serving(modem.open, () => {});
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
    const { port } = await serving(modem.open, (peer) => peer.end('here'));
    const networks = new ReplaySubject<Network>(1);
    const socket = new ModemSocket(networks).connect(port, '127.0.0.1');
    networks.next(modem.net);
    expect(await text(socket)).toBe('here');
  });

  test('what the peer sent before it closed is read before a write fails', async () => {
    const { port } = await serving(modem.open, (peer) => {
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
    expect(shaped.autoSelectFamilyAttemptedAddresses).toEqual([]);
  });

  test('the little that is written after the peer has closed fails, but is no error of the socket', async () => {
    const { port } = await serving(modem.open, (peer) => peer.end('bye'));
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
    const { port } = await serving(modem.open, (peer) => peer.end('here'));
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
  modem.open.add(() => void vi.useRealTimers());
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

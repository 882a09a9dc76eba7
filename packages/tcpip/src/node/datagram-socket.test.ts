import { createSocket as createDatagramSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Online, online } from '../../test/online.js';
import { createSocket } from './create-socket.js';
import type { ModemDatagramSocket } from './datagram-socket.js';

let open = new Subscription();
let modem: Online;
beforeEach(async () => {
  open = new Subscription();
  modem = await online({}, { receive: 'push' });
});
afterEach(async () => {
  open.unsubscribe();
  await modem.close();
});

type AnySocket = Socket | ModemDatagramSocket;

/** A peer that sends everything back, with a `!`. */
async function peer(): Promise<{ readonly port: number; readonly heard: string[] }> {
  const socket = createDatagramSocket('udp4');
  const heard: string[] = [];
  socket.on('message', (bytes, { port, address }) => {
    heard.push(String(bytes));
    socket.send(`${bytes}!`, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  open.add(() => void socket.close());
  return { port: socket.address().port, heard };
}

/** Each is what Node does, and what the modem does. */
describe.each([
  ['dgram.Socket', () => createDatagramSocket('udp4')],
  ['ModemDatagramSocket', () => createSocket(modem.net, 'udp4')],
])('%s', (_, make: () => AnySocket) => {
  const create = () => {
    const socket = make();
    open.add(() => {
      try {
        socket.close();
      } catch {
        // It is closed already.
      }
    });
    return socket;
  };

  test('sends, without being bound before, and hears the answer and who sent it', async () => {
    const { port, heard } = await peer();
    const socket = create();
    const answer = once(socket, 'message');
    const sent = await new Promise((resolve) =>
      socket.send('hello', port, '127.0.0.1', (error, bytes) => resolve([error, bytes])),
    );
    expect(sent).toEqual([null, 5]);
    const [message, from] = await answer;
    expect([String(message), heard]).toEqual(['hello!', ['hello']]);
    expect(from).toEqual({ address: '127.0.0.1', family: 'IPv4', port, size: 6 });
    expect(Buffer.isBuffer(message)).toBe(true);
  });

  test('sends parts, and arrays as one', async () => {
    const { port, heard } = await peer();
    const socket = create();
    await new Promise((resolve) =>
      socket.send(Buffer.from('a part of it'), 2, 4, port, '127.0.0.1', resolve),
    );
    await new Promise((resolve) => socket.send(['two ', Buffer.from('chunks')], port, '127.0.0.1', resolve));
    await once(socket, 'message');
    expect(heard).toEqual(['part', 'two chunks']);
  });

  test('binds, and says where', async () => {
    const socket = create();
    expect(() => socket.address()).toThrow(
      expect.objectContaining({ code: 'EBADF', syscall: 'getsockname' }),
    );
    await new Promise<void>((resolve) => {
      expect(socket.bind(0, '127.0.0.1', resolve)).toBe(socket);
    });
    expect(socket.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' });
    expect(socket.address().port).toBeGreaterThan(1_023);
    expect(() => socket.bind(0)).toThrow(expect.objectContaining({ code: 'ERR_SOCKET_ALREADY_BOUND' }));
  });

  test('a port in use is an error', async () => {
    const first = create();
    await new Promise<void>((resolve) => void first.bind(0, '127.0.0.1', resolve));
    const second = create();
    second.bind({ port: first.address().port, address: '127.0.0.1' });
    expect((await once(second, 'error'))[0]).toMatchObject({ code: 'EADDRINUSE', syscall: 'bind' });
  });

  test('connected, it sends to and hears of one peer only', async () => {
    const one = await peer();
    const socket = create();
    expect(() => socket.remoteAddress()).toThrow(
      expect.objectContaining({ code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' }),
    );
    await new Promise<void>((resolve) => socket.connect(one.port, '127.0.0.1', resolve));
    expect(socket.remoteAddress()).toEqual({ address: '127.0.0.1', family: 'IPv4', port: one.port });
    const answer = once(socket, 'message');
    socket.send('hello');
    expect(String((await answer)[0])).toBe('hello!');
    socket.disconnect();
    expect(() => socket.remoteAddress()).toThrow();
  });

  test('has the members that programs touch', async () => {
    const socket = create();
    // Node documents it nowhere, and libraries read it.
    expect(Reflect.get(socket, 'type')).toBe('udp4');
    expect(() => socket.setBroadcast(true)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    socket.setBroadcast(true);
    expect(socket.setTTL(64)).toBe(64);
    expect(() => socket.setTTL(0)).toThrow(expect.objectContaining({ code: 'EINVAL', syscall: 'setTTL' }));
    expect(() => socket.setTTL('64' as unknown as number)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
    expect(socket.getSendBufferSize()).toBeGreaterThan(0);
    expect(socket.getRecvBufferSize()).toBeGreaterThan(0);
    socket.setRecvBufferSize(65_536);
    socket.setSendBufferSize(65_536);
    expect([socket.getSendQueueSize(), socket.getSendQueueCount()]).toEqual([0, 0]);
    expect(socket.ref().unref()).toBe(socket);
  });

  test('sends what is no Buffer, and refuses what is no data', async () => {
    const { port, heard } = await peer();
    const socket = create();
    const words = new Uint16Array([0x6968]);
    await new Promise((resolve) => socket.send(words, port, '127.0.0.1', resolve));
    await once(socket, 'message');
    expect(heard).toEqual(['hi']);
    expect(() => socket.send(7 as unknown as string, port, '127.0.0.1')).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  test('connected, it hears its peer alone', async () => {
    const [one, stranger] = [await peer(), createDatagramSocket('udp4')];
    const socket = create();
    await new Promise<void>((resolve) => socket.connect(one.port, '127.0.0.1', resolve));
    const heard: string[] = [];
    socket.on('message', (bytes) => heard.push(String(bytes)));
    await new Promise((resolve) => stranger.send('forged', socket.address().port, '127.0.0.1', resolve));
    stranger.close();
    for (const word of ['one', 'two']) {
      const answered = once(socket, 'message');
      socket.send(word);
      await answered;
    }
    expect(heard).toEqual(['one!', 'two!']);
  });

  test('tells several senders apart, and answers each', async () => {
    const socket = create();
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    socket.on('message', (bytes, { port, address }) => socket.send(`${bytes} from ${port}`, port, address));
    const senders = await Promise.all(
      ['a', 'b', 'c'].map(async (word) => {
        const sender = createDatagramSocket('udp4').bind(0, '127.0.0.1');
        await once(sender, 'listening');
        open.add(() => void sender.close());
        const answered = once(sender, 'message');
        sender.send(word, socket.address().port, '127.0.0.1');
        return [String((await answered)[0]), `${word} from ${sender.address().port}`];
      }),
    );
    for (const [answer, expected] of senders) expect(answer).toBe(expected);
  });

  test('messages that are awaited one after the other are all seen', async () => {
    const socket = create();
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    const sender = createDatagramSocket('udp4');
    open.add(() => void sender.close());
    for (let at = 0; at < 20; at++) sender.send(`${at}`, socket.address().port, '127.0.0.1');
    const heard: string[] = [];
    while (heard.length < 20) heard.push(String((await once(socket, 'message'))[0]));
    expect(heard).toEqual(Array.from({ length: 20 }, (_, at) => `${at}`));
  });

  test('is disposed of, also twice', async () => {
    const socket = create();
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    await socket[Symbol.asyncDispose]();
    await socket[Symbol.asyncDispose]();
    expect(() => socket.address()).toThrow(expect.objectContaining({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' }));
  });

  test('nothing waits to be sent when all is sent', async () => {
    const { port } = await peer();
    const socket = create();
    await new Promise((resolve) => socket.send('hello', port, '127.0.0.1', resolve));
    expect([socket.getSendQueueSize(), socket.getSendQueueCount()]).toEqual([0, 0]);
    expect(socket.ref().unref()).toBe(socket);
  });

  test('closed, it says so once and takes nothing more', async () => {
    const socket = create();
    const closed = new Promise<void>((resolve) => {
      socket.on('close', resolve);
      socket.bind(0, '127.0.0.1', () => socket.close());
    });
    await closed;
    const notRunning = expect.objectContaining({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    expect(() => socket.send('x', 1, '127.0.0.1')).toThrow(notRunning);
    expect(() => socket.close()).toThrow(notRunning);
  });

  test('a port can be had again when its socket is closed', async () => {
    const first = create();
    await new Promise<void>((resolve) => void first.bind(0, '127.0.0.1', resolve));
    const { port } = first.address();
    await new Promise<void>((resolve) => void first.close(resolve));
    const second = create();
    await new Promise<void>((resolve) => void second.bind(port, '127.0.0.1', resolve));
    expect(second.address().port).toBe(port);
  });

  test('more than a datagram holds is EMSGSIZE', async () => {
    const { port } = await peer();
    const socket = create();
    const error = await new Promise((resolve) =>
      socket.send(Buffer.alloc(70_000), port, '127.0.0.1', resolve),
    );
    expect(error).toMatchObject({ code: 'EMSGSIZE', syscall: 'send', address: '127.0.0.1', port });
  });

  test('nonsense throws', () => {
    const socket = create();
    expect(() => socket.send('x', 0, '127.0.0.1')).toThrow(
      expect.objectContaining({ code: 'ERR_SOCKET_BAD_PORT' }),
    );
    expect(() => socket.send(Buffer.from('x'), 0, 2, 1, '127.0.0.1')).toThrow(
      expect.objectContaining({ code: 'ERR_BUFFER_OUT_OF_BOUNDS' }),
    );
  });
});

/** A DNS question for the address of a name (RFC 1035, 4.1). */
function question(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const header = Buffer.from([0xbe, 0xef, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

test.each(['push', 'buffer'] as const)('a DNS query, received by %s', async (receive) => {
  // Answers any question with 192.0.2.7.
  const server = createDatagramSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  open.add(() => void server.close());
  server.on('message', (asked, { port, address }) => {
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    const response = Buffer.concat([asked, answer]);
    response.set([0x81, 0x80, 0, 1, 0, 1], 2);
    server.send(response, port, address);
  });
  const { port } = server.address();
  const own = await online({}, { receive });
  const socket = createSocket(own.net);
  const heard = once(socket, 'message');
  socket.send(question('broker.example'), port, '127.0.0.1');
  const [response, from] = await heard;
  expect([...response.subarray(0, 2), ...response.subarray(-4)]).toEqual([0xbe, 0xef, 192, 0, 2, 7]);
  expect(from).toMatchObject({ address: '127.0.0.1', port });
  socket.close();
  await own.close();
});

test.each(['buffer', 'hex'] as const)(
  'received by %s, who sent is not known: a server is refused, and a second peer',
  async (receive) => {
    const own = await online({}, { receive });
    const server = createSocket(own.net).bind(25_990);
    expect((await once(server, 'error'))[0]).toMatchObject({
      code: 'ENOTSUP',
      syscall: 'bind',
      message: expect.stringContaining('receive: "push"'),
    });
    const [one, two] = [await peer(), await peer()];
    const client = createSocket(own.net);
    await new Promise((resolve) => client.send('hello', one.port, '127.0.0.1', resolve));
    expect((await once(client, 'message'))[1]).toMatchObject({ port: one.port });
    const refused = await new Promise((resolve) => client.send('hello', two.port, '127.0.0.1', resolve));
    expect(refused).toMatchObject({ code: 'ENOTSUP', syscall: 'send' });
    client.close();
    await own.close();
  },
);

test.each([
  'addMembership',
  'dropMembership',
  'addSourceSpecificMembership',
  'dropSourceSpecificMembership',
  'setMulticastInterface',
  'setMulticastLoopback',
  'setMulticastTTL',
] as const)('%s is a clear error', (name) => {
  const call = createSocket(modem.net)[name] as (...args: unknown[]) => void;
  expect(() => call('224.0.0.251')).toThrow(
    expect.objectContaining({
      code: 'ENOTSUP',
      syscall: name,
      message: expect.stringContaining('multicast'),
    }),
  );
});

test('an empty datagram, which the module cannot send, is an error', async () => {
  const socket = createSocket(modem.net);
  open.add(() => void socket.close());
  const error = await new Promise((resolve) => socket.send('', 9, '127.0.0.1', resolve));
  expect(error).toMatchObject({ code: 'ENOTSUP', syscall: 'send' });
  const emitted = once(socket, 'error');
  socket.send('', 9, '127.0.0.1');
  expect((await emitted)[0]).toMatchObject({ code: 'ENOTSUP' });
});

test('what is sent before close() is sent', async () => {
  const { port, heard } = await peer();
  const socket = createSocket(modem.net);
  socket.send('last words', port, '127.0.0.1');
  await new Promise<void>((resolve) => void socket.close(resolve));
  while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['last words']);
});

test('its type is that of a dgram.Socket', () => {
  const shaped: Socket = createSocket(modem.net);
  expect(shaped.listenerCount('message')).toBe(0);
});

test('the loss of the network is an error', async () => {
  const socket = createSocket(modem.net);
  await new Promise<void>((resolve) => void socket.bind(0, resolve));
  const failed = once(socket, 'error');
  modem.module.control.loseBearer();
  expect((await failed)[0]).toMatchObject({ code: 'ENETDOWN', syscall: 'bind' });
});

import { once } from 'node:events';
import http from 'node:http';
import { createConnection, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { type Online, online } from '../../test/online.js';
import { createServer } from './create-server.js';
import { ModemServer } from './server.js';
import type { ModemSocket } from './socket.js';

let open = new Subscription();
let modem: Online;
beforeEach(async () => {
  open = new Subscription();
  modem = await online();
});
afterEach(async () => {
  open.unsubscribe();
  await modem.close();
});

type AnySocket = Socket | ModemSocket;

/** A client from outside. */
async function caller(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  // What the module does to its clients when its network is lost is not what these tests are about.
  socket.on('error', () => {});
  await once(socket, 'connect');
  open.add(() => void socket.destroy());
  return socket;
}

/** Each is what Node does, and what the modem does. */
describe.each([
  ['net.Server', (options: object, serve?: (socket: AnySocket) => void) => createNetServer(options, serve)],
  [
    'ModemServer',
    (options: object, serve?: (socket: AnySocket) => void) => createServer(modem.net, options, serve),
  ],
])('%s', (_, make: (options: object, serve?: (socket: AnySocket) => void) => Server | ModemServer) => {
  /** A server that listens on a free port. */
  const serving = async (serve: (socket: AnySocket) => void, options: object = {}) => {
    const server = make(options, serve);
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    open.add(() => void server.close());
    return { server, port };
  };

  test('an echo server with ten clients', async () => {
    const { port } = await serving((socket) => socket.pipe(socket), { allowHalfOpen: true });
    const words = Array.from({ length: 10 }, (_, index) => `client ${index} `.repeat(200));
    const said = await Promise.all(
      words.map(async (word) => {
        const socket = await caller(port);
        const back = new Promise<string>((resolve) => {
          let heard = '';
          socket.on('data', (bytes) => {
            heard += bytes;
            if (heard.length === word.length) resolve(heard);
          });
        });
        socket.write(word);
        return back;
      }),
    );
    expect(said).toEqual(words);
  });

  test('knows where it listens, and who calls', async () => {
    const remotes: unknown[] = [];
    const { server, port } = await serving((socket) => {
      remotes.push([socket.remoteAddress, socket.remotePort, socket.remoteFamily, socket.localPort]);
      socket.end('bye');
    });
    expect([server.listening, server.address()]).toEqual([
      true,
      { address: '127.0.0.1', family: 'IPv4', port },
    ]);
    const socket = await caller(port);
    const { localPort } = socket;
    expect(await text(socket)).toBe('bye');
    expect(remotes).toEqual([['127.0.0.1', localPort, 'IPv4', port]]);
  });

  test('closes when the last client has left, and can listen again', async () => {
    const { server, port } = await serving((socket) => socket.resume());
    const accepted = once(server, 'connection');
    const socket = await caller(port);
    await accepted;
    const seen: string[] = [];
    const closed = new Promise<void>((resolve) => {
      expect(
        server.close((error) => {
          seen.push(`closed ${error}`);
          resolve();
        }),
      ).toBe(server);
    });
    expect(server.listening).toBe(false);
    expect(await connections(server)).toBe(1);
    socket.on('close', () => seen.push('client left'));
    socket.end();
    await closed;
    expect(seen.at(-1)).toBe('closed undefined');
    expect(await connections(server)).toBe(0);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(server.listening).toBe(true);
  });

  test.each([
    ['the same port', true],
    ['another port', false],
  ])('listens again on %s while the last client is still there', async (_name, isSame) => {
    const { server, port } = await serving((socket) => socket.pipe(socket));
    const first = await caller(port);
    first.write('first');
    await once(first, 'data');
    const seen: string[] = [];
    server.on('close', () => seen.push('close'));
    server.close(() => seen.push('callback'));
    const next = isSame ? port : await freePort();
    server.listen(next, '127.0.0.1');
    await once(server, 'listening');
    expect([server.listening, server.address()]).toMatchObject([true, { port: next }]);
    const second = await caller(next);
    for (const client of [first, second]) {
      client.write('again');
      expect(String((await once(client, 'data'))[0])).toBe('again');
    }
    expect([seen, await connections(server)]).toEqual([[], 2]);
    server.close();
    for (const client of [first, second]) client.end();
    await once(server, 'close');
    expect([seen, server.listening]).toEqual([['close', 'callback'], false]);
  });

  test('closed in the turn in which it was to listen, it closes', async () => {
    const server = make({});
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    server.close();
    await once(server, 'close');
    await once(server.listen(port, '127.0.0.1'), 'listening');
    server.close();
    await once(server, 'close');
  });

  test('clients that are awaited one after the other are all seen', async () => {
    const { server, port } = await serving(() => {});
    const callers = Promise.all(Array.from({ length: 6 }, () => caller(port)));
    const accepted = new Set<number | undefined>();
    while (accepted.size < 6) accepted.add((await once(server, 'connection'))[0].remotePort);
    expect([...accepted].sort()).toEqual((await callers).map(({ localPort }) => localPort).sort());
  });

  test('a signal closes it, also one that is aborted already', async () => {
    const abort = new AbortController();
    const server = make({});
    server.listen({ port: await freePort(), host: '127.0.0.1', signal: abort.signal });
    await once(server, 'listening');
    abort.abort();
    await once(server, 'close');
    server.listen({ port: await freePort(), host: '127.0.0.1', signal: abort.signal });
    await once(server, 'close');
    expect(server.listening).toBe(false);
  });

  test('is disposed of when its last client has left', async () => {
    const { server, port } = await serving((socket) => socket.resume());
    const accepted = once(server, 'connection');
    const client = await caller(port);
    await accepted;
    const over = server[Symbol.asyncDispose]();
    client.end();
    await over;
    expect(server.listening).toBe(false);
    await server[Symbol.asyncDispose]();
  });

  test('ref(), unref() and the members for its clients', async () => {
    const { server } = await serving(() => {});
    expect(server.ref().unref()).toBe(server);
    expect([server.maxConnections, await connections(server)]).toEqual([undefined, 0]);
  });

  test('closing what does not listen is an error for the callback', async () => {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => make({}).close(resolve));
    expect(error?.code).toBe('ERR_SERVER_NOT_RUNNING');
  });

  test('listening twice throws', async () => {
    const { server } = await serving(() => {});
    expect(() => server.listen(1)).toThrow(expect.objectContaining({ code: 'ERR_SERVER_ALREADY_LISTEN' }));
  });

  test('a port in use is an error, not an exception', async () => {
    const { port } = await serving(() => {});
    const second = make({});
    second.listen(port, '127.0.0.1');
    const [error] = await once(second, 'error');
    expect(error).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen', port });
    expect(second.listening).toBe(false);
  });

  test('takes options, and a free port when asked for 0', async () => {
    const server = make({});
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
    open.add(() => void server.close());
    const address = server.address();
    expect(typeof address === 'object' && (address?.port ?? 0) > 1_023).toBe(true);
  });

  test('turns away who is too many', async () => {
    const { server, port } = await serving((socket) => socket.resume());
    server.maxConnections = 1;
    const accepted = once(server, 'connection');
    await caller(port);
    await accepted;
    const dropped = once(server, 'drop');
    const second = await caller(port);
    second.resume();
    await Promise.all([once(second, 'close'), dropped]);
    expect(await connections(server)).toBe(1);
  });

  test('paused on connect, it leaves what a client sends where it is', async () => {
    let socket: AnySocket | undefined;
    const { server, port } = await serving(
      (accepted) => {
        socket = accepted;
      },
      { pauseOnConnect: true },
    );
    const connected = once(server, 'connection');
    (await caller(port)).end('hello');
    await connected;
    expect(socket?.bytesRead).toBe(0);
    expect(await text((socket as AnySocket).resume())).toBe('hello');
  });
});

function connections(server: Server | ModemServer): Promise<number> {
  return new Promise((resolve) => {
    const take = (_: Error | null, count: number) => resolve(count);
    if (server instanceof ModemServer) server.getConnections(take);
    else server.getConnections(take);
  });
}

test('an HTTP server of Node serves on the modem', async () => {
  const server = http.createServer((request, response) => response.end(`you asked for ${request.url}`));
  const port = await freePort();
  const onModem = createServer(modem.net, (socket) => server.emit('connection', socket));
  await new Promise<void>((resolve) => onModem.listen(port, resolve));
  for (const path of ['/one', '/two']) {
    const [response] = await once(http.get({ host: '127.0.0.1', port, path }), 'response');
    expect(await text(response)).toBe(`you asked for ${path}`);
  }
  server.closeAllConnections();
  onModem.close();
});

test('the loss of the network is an error of the server and of its clients, then they are closed', async () => {
  const failures: unknown[] = [];
  const server = createServer(modem.net, (socket) =>
    socket.on('error', ({ code }: NodeJS.ErrnoException) => failures.push(code)),
  );
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  const accepted = once(server, 'connection');
  await caller(port);
  await accepted;
  server.on('error', ({ code }: NodeJS.ErrnoException) => failures.push(code));
  const closed = new Promise((resolve) => server.once('close', resolve));
  modem.module.control.loseBearer();
  await closed;
  expect(failures).toEqual(['ENETDOWN', 'ENETDOWN']);
});

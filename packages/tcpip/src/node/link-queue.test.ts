import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { Subscription } from 'rxjs';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listening, type Online, online, serving } from '../../test/online.js';
import { createServer } from './create-server.js';
import { createSocket } from './create-socket.js';
import { modemConnect } from './modem-connect.js';
import { ModemSocket, type ModemSocketOptions } from './socket.js';

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

const connected = async (port: number, options: ModemSocketOptions = {}) => {
  const socket = new ModemSocket(modem.net, options).connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};
const ten = (port: number, options?: ModemSocketOptions) =>
  Promise.all(Array.from({ length: 10 }, () => connected(port, options)));

/** Answers every request, and keeps connections. */
async function pages(): Promise<number> {
  const server = http.createServer((_, response) => response.end('here'));
  open.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return listening(server);
}

test.each(['destroy', 'end', 'destroySoon', 'resetAndDestroy'] as const)(
  'in the event close after %s(), the link is free',
  async (how) => {
    const { port } = await serving(open, () => {});
    const sockets = await ten(port);
    sockets[3]?.[how]();
    await once(sockets[3] as ModemSocket, 'close');
    // It would wait for ever: no other socket gives a link back.
    await connected(port, { linkTimeout: 0 });
  },
);

test('the same after a connection that was given up while it was made', async () => {
  const { port } = await serving(open, () => {});
  await Promise.all(Array.from({ length: 9 }, () => connected(port)));
  const tenth = new ModemSocket(modem.net).connect(port, '127.0.0.1');
  setImmediate(() => tenth.destroy());
  await once(tenth, 'close');
  await connected(port, { linkTimeout: 0 });
});

test('in the event close of a server, it can listen again on that port', async () => {
  const server = createServer(modem.net).listen(25_001);
  await once(server, 'listening');
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => server.close(resolve));
    modem.commands.length = 0;
    await once(server.listen(25_001), 'listening');
    expect(modem.commands.filter((text) => text.startsWith('AT+SERVERSTART='))).toHaveLength(1);
  }
});

test('the eleventh waits, first come, first served', async () => {
  const { port } = await serving(open, () => {});
  const sockets = await ten(port);
  const order: number[] = [];
  const waiting = [0, 1, 2].map(async (index) => {
    await connected(port);
    order.push(index);
  });
  for (const socket of sockets.slice(0, 3)) {
    socket.destroy();
    await once(socket, 'close');
  }
  await Promise.all(waiting);
  expect(order).toEqual([0, 1, 2]);
});

test('who waits too long is told who holds the links', async () => {
  const { port } = await serving(open, () => {});
  await ten(port);
  const late = new ModemSocket(modem.net, { linkTimeout: 10 }).connect(port, '127.0.0.1');
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'EMFILE', syscall: 'connect', cause: { code: 'CAPACITY' } });
  expect(error.message).toContain(`0: tcp with 127.0.0.1:${port} (open); 1: tcp`);
  expect(error.message).toContain('none became free in 10 ms');
});

test('no more than so many wait', async () => {
  const { port } = await serving(open, () => {});
  await ten(port);
  const options = { linkQueue: 1 };
  const first = new ModemSocket(modem.net, options).connect(port, '127.0.0.1');
  await new Promise((resolve) => setImmediate(resolve));
  const second = new ModemSocket(modem.net, options).connect(port, '127.0.0.1');
  expect((await once(second, 'error'))[0]).toMatchObject({ code: 'EMFILE' });
  first.destroy();
  await once(first, 'close');
});

test('one that was given up while it waited leaves the queue', async () => {
  const { port } = await serving(open, () => {});
  const [one] = await ten(port);
  const given = new ModemSocket(modem.net).connect(port, '127.0.0.1');
  await new Promise((resolve) => setImmediate(resolve));
  given.destroy();
  await once(given, 'close');
  one?.destroy();
  await connected(port);
});

test('a UDP socket waits for a link, too', async () => {
  const { port } = await serving(open, () => {});
  const [one] = await ten(port);
  const socket = createSocket(modem.net).bind();
  const bound = once(socket, 'listening');
  one?.destroy();
  await bound;
  await new Promise<void>((resolve) => void socket.close(resolve));
});

test.each([
  ['without an agent', () => ({ createConnection: modemConnect(modem.net) })],
  ['with an agent', () => ({ agent: modemConnect(modem.net).httpAgent() })],
])('a hundred requests at once all succeed, %s', async (_, options: () => http.RequestOptions) => {
  const port = await pages();
  const chosen = options();
  const answers = Array.from({ length: 100 }, async () => {
    const [response] = await once(http.get({ host: '127.0.0.1', port, ...chosen }), 'response');
    return text(response);
  });
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['here']));
});

test('a hundred requests of undici at once all succeed', async () => {
  const port = await pages();
  const dispatcher = new Agent(modemConnect(modem.net).undici());
  const answers = Array.from({ length: 100 }, async () => {
    const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher });
    return body.text();
  });
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['here']));
  await dispatcher.close();
});

test.each(['http', 'undici'] as const)(
  'idle connections of %s give way to one that waits',
  async (library) => {
    const connect = modemConnect(modem.net);
    const agent = connect.httpAgent();
    const dispatcher = new Agent(connect.undici());
    const ports = await Promise.all(Array.from({ length: 10 }, pages));
    for (const port of ports) {
      if (library === 'http')
        await text((await once(http.get({ host: '127.0.0.1', port, agent }), 'response'))[0]);
      else await (await request(`http://127.0.0.1:${port}/`, { dispatcher })).body.text();
    }
    const { port } = await serving(open, () => {});
    (await connected(port)).destroy();
    agent.destroy();
    await dispatcher.destroy();
  },
);

test('what others hold is not taken: connections of a program that it has unrefed stay', async () => {
  const { port } = await serving(open, () => {});
  const sockets = await ten(port);
  for (const socket of sockets) socket.unref();
  const late = new ModemSocket(modem.net, { linkTimeout: 20 }).connect(port, '127.0.0.1');
  await once(late, 'error');
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual(Array(10).fill(false));
});

test('a server frees the link of a client whose listeners a program has removed', async () => {
  const server = createServer(modem.net, (socket) =>
    socket
      .removeAllListeners()
      .on('error', () => {})
      .resume(),
  );
  await once(server.listen(0), 'listening');
  const accepted = once(server, 'connection');
  const client = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  client.destroy();
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

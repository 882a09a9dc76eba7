import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { makeCertificates } from '../../test/certificates.js';
import { listening, onlineForAll } from '../../test/online.js';
import { type ModemConnect, modemConnect } from './modem-connect.js';

const modem = onlineForAll();
let connect: ModemConnect;
beforeAll(() => {
  connect = modemConnect(modem.net);
});

/** An echo server for web sockets. */
async function echoing(server: http.Server | https.Server): Promise<number> {
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  modem.open.add(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return listening(server);
}

/** The next messages. */
function messages(socket: WebSocket, count: number): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    socket.on('message', (data) => {
      seen.push(String(data));
      if (seen.length === count) resolve(seen);
    });
  });
}

test('the handshake and three frames are at most four sends', async () => {
  const port = await echoing(http.createServer());
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: connect });
  await once(socket, 'open');
  const echoed = messages(socket, 3);
  for (const word of ['one', 'two', 'three']) socket.send(word);
  expect(await echoed).toEqual(['one', 'two', 'three']);
  expect(modem.sends()).toBeLessThanOrEqual(4);
  socket.close();
  await once(socket, 'close');
});

test('through an agent', async () => {
  const port = await echoing(http.createServer());
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { agent: connect.httpAgent() });
  await once(socket, 'open');
  const echoed = messages(socket, 1);
  socket.send('hello');
  expect(await echoed).toEqual(['hello']);
  socket.terminate();
});

test('large messages come back whole, over TLS', async () => {
  const { server, ca } = await makeCertificates();
  const port = await echoing(https.createServer(server));
  const socket = new WebSocket(`wss://127.0.0.1:${port}`, { createConnection: connect.tls, ca });
  await once(socket, 'open');
  const large = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, at) => (at * 7 + (at >> 8)) % 256));
  const back = once(socket, 'message');
  socket.send(large);
  expect(large.equals((await back)[0] as Buffer)).toBe(true);
  socket.close();
  await once(socket, 'close');
});

test('a ping is answered', async () => {
  const port = await echoing(http.createServer());
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: connect });
  await once(socket, 'open');
  const pong = once(socket, 'pong');
  socket.ping('still there?');
  expect(String((await pong)[0])).toBe('still there?');
  socket.terminate();
});

import { createSocket as createDatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { createConnection } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { Subscription } from 'rxjs';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { freePort } from '../../../../tools/free-port.js';
import { type Certificates, makeCertificates } from '../../test/certificates.js';
import { listening, type Online, online } from '../../test/online.js';
import { createServer } from './create-server.js';
import { createSocket } from './create-socket.js';
import { type ModemConnect, modemConnect } from './modem-connect.js';

// Each client once over a pseudo-terminal and the real `serialport`.

const open = new Subscription();
let modem: Online;
let connect: ModemConnect;
let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
  modem = await online({ pty: true });
  connect = modemConnect(modem.net);
});
afterAll(async () => {
  open.unsubscribe();
  await modem.close();
});

const large = Buffer.from(Uint8Array.from({ length: 5 << 20 }, (_, at) => (at * 7 + (at >> 10)) % 256));

/** Answers `GET` with the large body, and tells the size of any other. */
async function answer(request: IncomingMessage, response: http.ServerResponse): Promise<void> {
  if (request.method === 'GET') response.end(large);
  else response.end(JSON.stringify({ size: (await buffer(request)).length }));
}

async function served(server: http.Server | https.Server): Promise<number> {
  open.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return listening(server);
}

async function response(sent: http.ClientRequest): Promise<IncomingMessage> {
  const [incoming] = await once(sent, 'response');
  return incoming;
}

test.each(['http', 'https'] as const)('%s: 5 MiB down and up, byte for byte', async (scheme) => {
  const secure = scheme === 'https';
  const server = secure ? https.createServer(certificates.server, answer) : http.createServer(answer);
  const port = await served(server);
  const agent = secure ? connect.httpsAgent({ ca: certificates.ca }) : connect.httpAgent();
  const { request } = secure ? https : http;
  const down = request({ host: '127.0.0.1', port, agent }).end();
  expect((await buffer(await response(down))).equals(large)).toBe(true);
  const up = request({ host: '127.0.0.1', port, method: 'PUT', agent }).end(large);
  expect(await json(await response(up))).toEqual({ size: large.length });
  agent.destroy();
});

test('undici fetch', async () => {
  const port = await served(https.createServer(certificates.server, answer));
  const dispatcher = new Agent({ connect: connect.undici({ ca: certificates.ca }) });
  const down = await fetch(`https://127.0.0.1:${port}`, { dispatcher });
  expect(Buffer.from(await down.arrayBuffer()).equals(large)).toBe(true);
  await dispatcher.close();
});

test('ws', async () => {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  const port = await served(server);
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: connect });
  await once(socket, 'open');
  const back = once(socket, 'message');
  socket.send(large.subarray(0, 1 << 20));
  expect(large.subarray(0, 1 << 20).equals((await back)[0])).toBe(true);
  socket.close();
  await once(socket, 'close');
});

test('tls.connect', async () => {
  const server = createTlsServer(certificates.server, (socket) => socket.end(large));
  const port = await listening(server);
  open.add(() => void server.close());
  const { ca } = certificates;
  const socket = connect.tls({ host: '127.0.0.1', port, ca, servername: 'server.example' });
  expect((await buffer(socket)).equals(large)).toBe(true);
});

test('an echo server with ten clients', async () => {
  // All ten links are needed, and those of the tests above may still be closing.
  const own = await online({ pty: true });
  const server = createServer(own.net, (socket) => socket.pipe(socket));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  const echo = async (index: number) => {
    const sent = large.subarray(index * 10_000, (index + 1) * 10_000);
    const client = createConnection({ port, host: '127.0.0.1' });
    client.write(sent);
    let heard = Buffer.alloc(0);
    for await (const bytes of client) {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length === sent.length) break;
    }
    return heard.equals(sent);
  };
  const echoed = await Promise.all(Array.from({ length: 10 }, (_, index) => echo(index)));
  expect(echoed).toEqual(Array(10).fill(true));
  await new Promise<unknown>((resolve) => server.close(resolve));
  await own.close();
});

test('a datagram and its answer', async () => {
  const peer = createDatagramSocket('udp4').bind(0, '127.0.0.1');
  await once(peer, 'listening');
  peer.on('message', (bytes, { port, address }) => peer.send(`${bytes}!`, port, address));
  const socket = createSocket(modem.net);
  const heard = once(socket, 'message');
  socket.send('hello', peer.address().port, '127.0.0.1');
  expect(String((await heard)[0])).toBe('hello!');
  socket.close();
  peer.close();
});

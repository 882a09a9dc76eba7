import { createSocket } from 'node:dgram';
import { type EventEmitter, once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { WebSocketServer } from 'ws';
import type { Target } from './example.js';

/** Servers of this computer for examples with an emulated module. */

const answer: RequestListener = (request, response) => {
  let size = 0;
  request.on('data', (bytes: Buffer) => {
    size += bytes.length;
  });
  request.on('end', () => response.end(`${request.method} ${request.url}, ${size} bytes. Hello, modem.`));
};

async function listening(server: http.Server | https.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers every request. */
export async function localHttp(): Promise<Target> {
  const server = http.createServer(answer);
  const port = await listening(server);
  return { url: new URL(`http://127.0.0.1:${port}/`), close: () => server.close() };
}

/** The same over TLS, with a certificate made on the spot. */
export async function localHttps(): Promise<Target> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const server = https.createServer({ cert, key }, answer);
  const port = await listening(server);
  return { url: new URL(`https://localhost:${port}/`), ca: cert, close: () => server.close() };
}

/** Sends every message back. */
export async function localWebSocket(): Promise<Target> {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
  const port = await listening(server);
  return { url: new URL(`ws://127.0.0.1:${port}/`), close: () => server.close() };
}

/** Answers every DNS question with 192.0.2.7. */
export async function localDns(): Promise<Target> {
  const server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    const response = Buffer.concat([question, record]);
    response.set([0x81, 0x80, 0, 1, 0, 1], 2);
    server.send(response, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return { url: new URL(`dns://127.0.0.1:${port}/example.com`), close: () => server.close() };
}

/** Where a broker or a database of this computer listens unless told otherwise. */
export const local = (url: string) => async (): Promise<Target> => ({ url: new URL(url) });

/**
 * A free port, for a server on the modem: one of those that no system hands out by itself, so that nothing takes it
 * before the modem does.
 */
export async function localPort(): Promise<Target> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return localPort();
  }
  await once(probe.close(), 'close');
  return { url: new URL(`http://127.0.0.1:${port}/`) };
}

/** Waits for a visitor of a server on the modem. With an emulated module, it is that visitor itself. */
export async function visited(server: EventEmitter, url: URL): Promise<void> {
  await once(server, 'listening');
  if (url.hostname !== '127.0.0.1') {
    await once(server, 'connection');
    return;
  }
  const [response] = await once(http.get(url, { agent: false }), 'response');
  console.log(response.statusCode, await text(response));
}

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { filter, firstValueFrom, Subscription, skip } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificates } from '../../test/certificates.js';
import { type StayingOnline, stayingOnline } from '../../test/online.js';
import { createServer } from './create-server.js';
import { createSocket } from './create-socket.js';
import type { ServerToHand } from './server.js';

let open = new Subscription();
let modem: StayingOnline;
beforeEach(async () => {
  open = new Subscription();
  modem = await stayingOnline({}, { receive: 'push' });
});
afterEach(async () => {
  open.unsubscribe();
  await modem.close();
});

async function outage(strike: () => void): Promise<void> {
  const back = firstValueFrom(modem.networks$.pipe(skip(1)));
  strike();
  await back;
}

/** A client from outside that says nothing. */
function silent(port: number): Socket {
  const socket = createConnection({ port, host: '127.0.0.1' }).on('error', () => {});
  open.add(() => void socket.destroy());
  return socket;
}

test.each([
  ['the bearer is lost', () => modem.module.control.loseBearer(20)],
  ['the module restarts', () => modem.module.control.restart()],
])(
  'when %s, a server listens again, on the same port, and a UDP socket is bound again',
  async (_, strike) => {
    const server = createServer(modem.networks$, (socket) => socket.on('error', () => {}).end('here'));
    const seen: string[] = [];
    for (const name of ['listening', 'error', 'close']) server.on(name, () => seen.push(name));
    await once(server.listen(0), 'listening');
    const { port } = server.address() as AddressInfo;
    const datagrams = createSocket(modem.networks$).bind(0);
    await once(datagrams, 'listening');
    const { port: bound } = datagrams.address();
    // Which servers listen is asked once this one does.
    const again = firstValueFrom(
      modem.module.control.events$.pipe(
        filter((event) => event.kind === 'command' && event.text === 'AT+SERVERSTART?'),
      ),
    );
    await outage(strike);
    await again;
    expect(await text(silent(port))).toBe('here');
    expect([seen, datagrams.address().port]).toEqual([['listening'], bound]);
    datagrams.close();
    server.close();
  },
);

const limits = { headersTimeout: 500, requestTimeout: 500, connectionsCheckingInterval: 20 };

test.each([
  [
    'an HTTP server that is passed',
    http.createServer(limits),
    (server: ServerToHand) => createServer(modem.networks$, server),
  ],
  [
    'an HTTP server that is handed its clients',
    http.createServer(limits),
    (server: ServerToHand) => createServer(modem.networks$, (socket) => server.emit('connection', socket)),
  ],
])('ten silent clients of %s leave room for one that asks', async (_, pages, serve) => {
  pages.on('request', (__: http.IncomingMessage, response: http.ServerResponse) => response.end('here'));
  const server = serve(pages);
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  const clients = Array.from({ length: 10 }, () => silent(port));
  await Promise.all(clients.map((client) => once(client.resume(), 'close')));
  const [response] = await once(http.get({ host: '127.0.0.1', port, agent: false }), 'response');
  expect(await text(response)).toBe('here');
  await new Promise((resolve) => server.close(resolve));
});

test('closing a server ends the idle connections of the HTTP server that it serves', async () => {
  const pages = http.createServer((_, response) => response.end('here'));
  const server = createServer(modem.networks$, pages).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true });
  const [response] = await once(http.get({ host: '127.0.0.1', port, agent }), 'response');
  await text(response);
  const closed = once(pages, 'close');
  await new Promise((resolve) => server.close(resolve));
  await closed;
  agent.destroy();
});

test('an HTTPS server is handed its clients', async () => {
  const { ca, server: identity } = await makeCertificates();
  const pages = https.createServer({ ...identity, ...limits }, (_, response) => response.end('secret'));
  const server = createServer(modem.networks$, pages).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = https.get({ host: '127.0.0.1', port, ca, servername: 'server.example', agent: false });
  const [response] = await once(asked, 'response');
  expect(await text(response)).toBe('secret');
  pages.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

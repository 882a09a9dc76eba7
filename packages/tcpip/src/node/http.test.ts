import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { Server } from 'node:net';
import { buffer, json, text } from 'node:stream/consumers';
import { filter, firstValueFrom } from 'rxjs';
import { Agent, fetch, request } from 'undici';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { effort } from '../../../../tools/thorough.js';
import { type Certificates, makeCertificates } from '../../test/certificates.js';
import { listening, onlineForAll, serving } from '../../test/online.js';
import { type ModemConnect, modemConnect } from './modem-connect.js';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const modem = onlineForAll();
let connect: ModemConnect;
beforeAll(() => {
  connect = modemConnect(modem.net);
});

/** Over a pseudo-terminal, pty.system.test.ts carries 5 MiB. */
const KIBIBYTES = effort(256, 5_120);
const large = Buffer.from(
  Uint8Array.from({ length: KIBIBYTES << 10 }, (_, at) => (at * 7 + (at >> 10)) % 256),
);

/** Counts its connections, and answers in a few ways. */
const answer: RequestListener = async (incoming, response) => {
  const { url } = incoming;
  if (url === '/large') response.end(large);
  else if (url === '/chunked') {
    for (const word of ['one ', 'two ', 'three']) response.write(word);
    response.end();
  } else if (url === '/close') response.shouldKeepAlive = false;
  else if (url === '/size') response.end(JSON.stringify({ size: (await buffer(incoming)).length }));
  else response.end(`${incoming.method} ${url} ${await text(incoming)}`);
  if (url === '/close') response.end('closing');
};

interface Peer {
  readonly port: number;
  readonly server: Server;
  readonly connections: () => number;
}

async function served(server: http.Server | https.Server): Promise<Peer> {
  let connections = 0;
  server.on('connection', () => connections++);
  const port = await listening(server);
  modem.open.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, server, connections: () => connections };
}

const plain = () => served(http.createServer(answer));
const secure = (options: https.ServerOptions = {}) =>
  served(https.createServer({ ...certificates.server, ...options }, answer));

/** What a request answers with. */
async function response(sent: http.ClientRequest): Promise<IncomingMessage> {
  const [incoming] = await once(sent, 'response');
  return incoming;
}

/** The response as text. */
const said = async (sent: http.ClientRequest) => text(await response(sent));

describe('http', () => {
  test('without an agent: a request is a connection', async () => {
    const { port, connections } = await plain();
    for (const turn of [1, 2]) {
      const sent = http.get({ host: '127.0.0.1', port, path: `/${turn}`, createConnection: connect });
      expect(await said(sent)).toBe(`GET /${turn} `);
    }
    expect(connections()).toBe(2);
  });

  test('an agent keeps the connection', async () => {
    const { port, connections } = await plain();
    const agent = connect.httpAgent();
    for (const turn of [1, 2, 3]) {
      const sent = http.get({ host: '127.0.0.1', port, path: `/${turn}`, agent });
      expect(await said(sent)).toBe(`GET /${turn} `);
    }
    expect(connections()).toBe(1);
    expect(modem.sends()).toBe(3);
    agent.destroy();
  });

  test('an agent without keep-alive does not', async () => {
    const { port, connections } = await plain();
    const agent = connect.httpAgent({ keepAlive: false });
    for (let turn = 0; turn < 2; turn++) await said(http.get({ host: '127.0.0.1', port, agent }));
    expect(connections()).toBe(2);
  });

  test('a POST in three writes is one send', async () => {
    const { port } = await plain();
    const sent = http.request({ host: '127.0.0.1', port, method: 'POST', createConnection: connect });
    for (const word of ['one ', 'two ']) sent.write(word);
    sent.end('three');
    expect(await said(sent)).toBe('POST / one two three');
    expect(modem.sends()).toBe(1);
  });

  test('the same on a connection that is kept is one send, too', async () => {
    const { port } = await plain();
    const agent = connect.httpAgent();
    await said(http.get({ host: '127.0.0.1', port, agent }));
    const before = modem.sends();
    const sent = http.request({ host: '127.0.0.1', port, method: 'POST', agent });
    for (const word of ['one ', 'two ']) sent.write(word);
    sent.end('three');
    expect(await said(sent)).toBe('POST / one two three');
    expect(modem.sends() - before).toBe(1);
    agent.destroy();
  });

  test('reads an answer in chunks', async () => {
    const { port } = await plain();
    const sent = http.get({ host: '127.0.0.1', port, path: '/chunked', createConnection: connect });
    expect(await said(sent)).toBe('one two three');
  });

  test(`${KIBIBYTES} KiB down and up, byte for byte`, async () => {
    const { port } = await plain();
    const agent = connect.httpAgent();
    const down = await response(http.get({ host: '127.0.0.1', port, path: '/large', agent }));
    expect((await buffer(down)).equals(large)).toBe(true);
    const up = http.request({ host: '127.0.0.1', port, path: '/size', method: 'PUT', agent });
    up.end(large);
    expect(await json(await response(up))).toEqual({ size: large.length });
    agent.destroy();
  });

  test('its timeout is an event, and destroying the request closes the link', async () => {
    const silent = await served(http.createServer(() => {}));
    const sent = http.get({ host: '127.0.0.1', port: silent.port, timeout: 30, createConnection: connect });
    await once(sent, 'timeout');
    const closed = firstValueFrom(
      modem.module.control.events$.pipe(
        filter((event) => event.kind === 'command' && event.text.startsWith('AT+CIPCLOSE=')),
      ),
    );
    sent.destroy();
    expect((await once(sent, 'error'))[0]).toMatchObject({ code: 'ECONNRESET', message: 'socket hang up' });
    await closed;
  });

  test('a port without a listener is ECONNREFUSED', async () => {
    const port = await freePort();
    const sent = http.get({ host: '127.0.0.1', port, createConnection: connect });
    expect((await once(sent, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', port });
  });
});

describe('https', () => {
  test('without an agent, the name checked', async () => {
    const { port } = await secure();
    const { ca } = certificates;
    const where = { host: '127.0.0.1', port, ca, createConnection: connect.tls };
    expect(await said(https.get({ ...where, path: '/secret' }))).toBe('GET /secret ');
    const wrong = https.get({ ...where, servername: 'somebody.else' });
    expect((await once(wrong, 'error'))[0]).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const unknown = https.get({ ...where, ca: [] });
    expect((await once(unknown, 'error'))[0]).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('with an agent: kept, then resumed with fewer bytes', async () => {
    const { port, connections, server } = await secure({ maxVersion: 'TLSv1.2' });
    const agent = connect.httpsAgent({ ca: certificates.ca, keepAlive: false });
    const reused: boolean[] = [];
    server.on('secureConnection', (socket) => reused.push(socket.isSessionReused()));
    const costs: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const before = modem.wire.toModule + modem.wire.toHost;
      await said(https.get({ host: '127.0.0.1', port, agent }));
      costs.push(modem.wire.toModule + modem.wire.toHost - before);
    }
    expect(connections()).toBe(2);
    expect(reused).toEqual([false, true]);
    expect(costs[1]).toBeLessThan(costs[0] as number);
  });

  test('an agent keeps the connection', async () => {
    const { port, connections } = await secure();
    const agent = connect.httpsAgent({ ca: certificates.ca });
    for (let turn = 0; turn < 3; turn++) await said(https.get({ host: '127.0.0.1', port, agent }));
    expect(connections()).toBe(1);
    agent.destroy();
  });

  test(`${KIBIBYTES} KiB down and up, byte for byte`, async () => {
    const { port } = await secure();
    const agent = connect.httpsAgent({ ca: certificates.ca });
    const down = await response(https.get({ host: '127.0.0.1', port, path: '/large', agent }));
    expect((await buffer(down)).equals(large)).toBe(true);
    const up = https.request({ host: '127.0.0.1', port, path: '/size', method: 'PUT', agent });
    up.end(large);
    expect(await json(await response(up))).toEqual({ size: large.length });
    agent.destroy();
  });
});

test('http2', async () => {
  const server = http2.createSecureServer(certificates.server);
  server.on('stream', (stream) => stream.end(large));
  const port = await listening(server);
  const session = http2.connect('https://server.example', {
    createConnection: () =>
      connect.tls({
        host: '127.0.0.1',
        port,
        ca: certificates.ca,
        servername: 'server.example',
        ALPNProtocols: ['h2'],
      }),
  });
  const [one, two] = [session.request(), session.request()];
  expect((await buffer(one)).equals(large)).toBe(true);
  expect((await buffer(two)).equals(large)).toBe(true);
  session.close();
  server.close();
});

describe('undici', () => {
  test('fetch: GET, POST, and the connection kept', async () => {
    const { port, connections } = await plain();
    const dispatcher = new Agent({ connect: connect.undici(), connections: 1 });
    const url = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${url}/a`, { dispatcher })).text()).toBe('GET /a ');
    const posted = await fetch(`${url}/b`, { dispatcher, method: 'POST', body: 'body' });
    expect(await posted.text()).toBe('POST /b body');
    expect(connections()).toBe(1);
    await dispatcher.close();
  });

  test(`fetch over https, ${KIBIBYTES} KiB down and up`, async () => {
    const { port } = await secure();
    const dispatcher = new Agent({ connect: connect.undici({ ca: certificates.ca }) });
    const url = `https://127.0.0.1:${port}`;
    const down = await fetch(`${url}/large`, { dispatcher });
    expect(Buffer.from(await down.arrayBuffer()).equals(large)).toBe(true);
    const up = await fetch(`${url}/size`, { dispatcher, method: 'PUT', body: large });
    expect(await up.json()).toEqual({ size: large.length });
    await dispatcher.close();
  });

  test('resumes the TLS session of a connection that it opens again', async () => {
    const { port, server } = await secure({ maxVersion: 'TLSv1.2' });
    const reused: boolean[] = [];
    server.on('secureConnection', (socket) => reused.push(socket.isSessionReused()));
    const connector = connect.undici({ ca: certificates.ca });
    for (let turn = 0; turn < 2; turn++) {
      const dispatcher = new Agent({ connect: connector });
      const { body } = await request(`https://127.0.0.1:${port}/`, { dispatcher });
      await body.text();
      await dispatcher.close();
    }
    expect(reused).toEqual([false, true]);
  });

  test('a connection that takes too long is ETIMEDOUT', async () => {
    const silent = await serving(modem.open, () => {});
    const dispatcher = new Agent({ connect: connect.undici({ timeout: 30 }) });
    const late = request(`https://127.0.0.1:${silent.port}/`, { dispatcher });
    await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'connect' });
    await dispatcher.close();
  });

  test('a port without a listener is ECONNREFUSED', async () => {
    const dispatcher = new Agent({ connect: connect.undici() });
    const refused = request(`http://127.0.0.1:${await freePort()}/`, { dispatcher });
    await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await dispatcher.close();
  });
});

import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createServer, type ModemSocket } from '@a7600/tcpip/node';
import { beforeAll, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../../../../packages/tcpip/test/certificates.js';
import { onlineForAll, serving } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { talk } from '../../test/talk.js';
import { dial } from '../tunnel/dial.js';
import { secured, securedServer } from './tls.js';

const modem = onlineForAll();

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

/** A port of the module, and the first client there, from which nothing was read yet. */
async function accepting() {
  const server: Server = createServer(modem.net, { pauseOnConnect: true }).listen(await freePort());
  modem.open.add(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = once(server, 'connection') as Promise<[ModemSocket]>;
  return { port, client: async () => (await client)[0] };
}

/** Lets so many turns of the event loop pass. */
const pass = (turns: number) =>
  Array.from({ length: turns }).reduce<Promise<void>>(
    (before) => before.then(() => new Promise((resolve) => setImmediate(resolve))),
    Promise.resolve(),
  );

test.each([[0], [1], [5], [50], [500]])(
  'a client whose first bytes came %i turns before the server encrypts',
  async (turns) => {
    const { port, client } = await accepting();
    const peer = connectTls({ port, host: 'localhost', ca: certificates.ca });
    modem.open.add(() => peer.destroy());
    const socket = await client();
    await pass(turns);
    const secure = await securedServer(socket, certificates.server);
    for (const [from, to] of [
      [secure, peer],
      [peer, secure],
    ] as [TLSSocket, TLSSocket][]) {
      from.write('hello');
      expect(String((await once(to, 'data'))[0])).toBe('hello');
    }
    peer.end();
    await once(secure.resume(), 'close');
  },
);

test.each([
  ['leaves at once', (socket: Socket) => socket.end(), /failed: the peer ended the connection\.$/],
  [
    'leaves in the middle',
    (socket: Socket) => socket.end('\x16\x03\x01'),
    /failed: the peer ended the connection\.$/,
  ],
  ['speaks no TLS', (socket: Socket) => socket.write('GET / HTTP/1.0\r\n\r\n'), /failed: http request\.$/],
  ['says nothing', () => {}, /failed: TLS handshake timeout\.$/],
])('a client that %s is an error, and its connection is closed', async (_, act, message) => {
  const { port, client } = await accepting();
  const { socket } = talk(port);
  await once(socket, 'connect');
  act(socket);
  const accepted = await client();
  await expect(securedServer(accepted, certificates.server, 300)).rejects.toThrow(message);
  expect(accepted.destroyed).toBe(true);
});

test.each([
  ['leaves', (socket: Socket) => socket.end(), /failed: the peer ended the connection\.$/],
  ['speaks no TLS', (socket: Socket) => socket.write('220 ready\r\n'), /failed: wrong version number\.$/],
  ['says nothing', () => {}, /failed: TLS handshake timeout\.$/],
])('a server that %s is an error, and the connection is closed', async (_, act, message) => {
  const { port } = await serving(modem.open, act);
  const socket = await dial(modem.net, { host: '127.0.0.1', port, halfCloseTimeout: 1_000 });
  await expect(secured(socket, { host: '127.0.0.1' }, 300)).rejects.toThrow(message);
  await once(socket, 'close');
});

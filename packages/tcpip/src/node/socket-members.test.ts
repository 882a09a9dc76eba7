import { once } from 'node:events';
import { Server, Socket } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificates } from '../../test/certificates.js';
import { listening, onlineForAll, serving } from '../../test/online.js';
import { createServer } from './server.js';
import { ModemSocket } from './socket.js';

const modem = onlineForAll();

/** Names of the members that a class of Node documents, with what they are for an object of it. */
function membersOf(prototype: object, object: object): [string, string][] {
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => !name.startsWith('_') && name !== 'constructor')
    .map((name) => [name, typeof Reflect.get(object, name)]);
}

/** What a connected socket says of itself, apart from ports of the moment. */
function said(socket: Socket): unknown[] {
  const { connecting, pending, readyState, destroyed, bytesRead, bytesWritten, bufferSize } = socket;
  const { remoteAddress, remoteFamily, localAddress, localFamily, timeout, allowHalfOpen } = socket;
  return [
    [connecting, pending, readyState, destroyed, bytesRead, bytesWritten, bufferSize],
    [remoteAddress, remoteFamily, localAddress, localFamily, timeout, allowHalfOpen],
  ];
}

test('a socket is a net.Socket, and has every member with what it is for a connected one', async () => {
  const { port } = await serving(modem.open, (peer) => peer.resume());
  const [theirs, ours] = [new Socket(), new ModemSocket(modem.net)];
  for (const socket of [theirs, ours]) await once(socket.connect(port, '127.0.0.1'), 'connect');
  expect(ours).toBeInstanceOf(Socket);
  // The module does not say which port it has chosen.
  const withoutPort = ([name]: [string, string]) => name !== 'localPort';
  const wanted = membersOf(Socket.prototype, theirs).filter(withoutPort);
  expect(membersOf(Socket.prototype, ours).filter(withoutPort)).toEqual(wanted);
  expect(said(ours)).toEqual(said(theirs));
  for (const socket of [theirs, ours]) {
    await new Promise((resolve) => socket.write('hello', resolve));
    socket.destroy();
    await once(socket, 'close');
  }
  expect(said(ours)[0]).toEqual(said(theirs)[0]);
});

test('a server is a net.Server, and has every member with what it is for a listening one', async () => {
  const [theirs, ours] = [new Server(), createServer(modem.net)];
  for (const server of [theirs, ours]) await once(server.listen(0), 'listening');
  expect(ours).toBeInstanceOf(Server);
  expect(membersOf(Server.prototype, ours)).toEqual(membersOf(Server.prototype, theirs));
  for (const server of [theirs, ours]) await once(server.close(), 'close');
  expect([ours.listening, ours.address()]).toEqual([theirs.listening, theirs.address()]);
});

test.each([['connected'], ['connecting']])(
  'TLS begins over a socket that is %s, as over a net.Socket',
  async (state) => {
    const { ca, server: identity } = await makeCertificates();
    const server = createTlsServer(identity, (secure) => secure.pipe(secure));
    const port = await listening(server);
    modem.open.add(() => void server.close());
    for (const socket of [new Socket(), new ModemSocket(modem.net)]) {
      socket.connect(port, '127.0.0.1');
      if (state === 'connected') await once(socket, 'connect');
      const secure = tlsConnect({ socket, ca, servername: 'server.example' });
      await once(secure, 'secureConnect');
      expect([secure.connecting, secure.authorized]).toEqual([false, true]);
      secure.write('hello');
      expect(String((await once(secure, 'data'))[0])).toBe('hello');
      secure.end();
      await once(secure, 'close');
    }
  },
);

test('an accepted socket becomes the lower half of a TLS server', async () => {
  const { ca, server: identity } = await makeCertificates();
  const secured = createTlsServer(identity, (secure) => secure.end('hello'));
  const server = createServer(modem.net, secured).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const secure = tlsConnect({ port, host: '127.0.0.1', ca, servername: 'server.example' });
  expect(String((await once(secure, 'data'))[0])).toBe('hello');
  secure.destroy();
  server.close();
  await once(server, 'close');
});

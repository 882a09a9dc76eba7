import { once } from 'node:events';
import https from 'node:https';
import { type AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificates } from '../../test/certificates.js';
import { listening, onlineForAll, serving } from '../../test/online.js';
import { createServer } from './create-server.js';
import { modemConnect } from './modem-connect.js';
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

/** What a TLS socket says of the connection below, apart from the port that the module does not tell. */
function saidOverTls(secure: TLSSocket): unknown[] {
  const { address, family } = secure.address() as AddressInfo;
  const { remoteAddress, remotePort, remoteFamily, localAddress, localFamily } = secure;
  const { connecting, pending, readyState, encrypted, destroyed, timeout } = secure;
  return [
    [address, family, remoteAddress, remotePort, remoteFamily, localAddress, localFamily],
    [connecting, pending, readyState, encrypted, destroyed, timeout],
    [secure.setKeepAlive() === secure, secure.setNoDelay() === secure, secure.ref().unref() === secure],
  ];
}

test('a TLS socket knows the addresses, as over a net.Socket', async () => {
  const { ca, server: identity } = await makeCertificates();
  const server = createTlsServer(identity, (secure) => secure.pipe(secure));
  const port = await listening(server);
  modem.open.add(() => void server.close());
  const connect = modemConnect(modem.net);
  const options = { host: '127.0.0.1', port, ca, servername: 'server.example' };
  const agent = connect.httpsAgent({ ca });
  const sockets = [
    tlsConnect(options),
    connect.tls(options),
    agent.createConnection({ ...options, host: '127.0.0.1' }) as TLSSocket,
    connect.mqtt({ host: '127.0.0.1', port, tls: { ca, servername: 'server.example' } })() as TLSSocket,
  ];
  await Promise.all(sockets.map((secure) => once(secure, 'secureConnect')));
  const [theirs, ...ours] = sockets.map(saidOverTls);
  for (const said of ours) expect(said).toEqual(theirs);
  for (const secure of sockets) secure.destroy();
});

test('a server of Node that is given the clients knows who they are', async () => {
  const { ca, server: identity } = await makeCertificates();
  const pages = https.createServer(identity, ({ socket }, response) =>
    response.end(JSON.stringify([socket.remoteAddress, socket.remotePort, socket.localPort])),
  );
  const server = createServer(modem.net, pages).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sent = https.get({ host: '127.0.0.1', port, ca, servername: 'server.example', agent: false });
  const [response] = await once(sent, 'response');
  const { localPort } = response.socket;
  expect(JSON.parse(await text(response))).toEqual(['127.0.0.1', localPort, port]);
  server.close();
  await once(server, 'close');
});

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

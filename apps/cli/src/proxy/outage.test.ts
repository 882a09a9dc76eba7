import type { Socket } from 'node:net';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { held, listening, serving } from '../../../../packages/tcpip/test/online.js';
import { talk } from '../../test/talk.js';
import { currentNetwork } from '../connection/current-network.js';
import { proxy } from './proxy.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

async function started() {
  const module = emulator({ network: hostNetwork() });
  const { source } = await held(
    open,
    currentNetwork(module, { reconnect: { firstDelay: 20, lastDelay: 50 }, levels: ['link'] }),
  );
  const server = proxy(source);
  open.add(() => server.close());
  return { port: await listening(server), control: module.control };
}

/** A client of the proxy whose request for a port of loopback is sent. */
function connecting(proxyPort: number, to: number) {
  const client = talk(proxyPort);
  client.send(`CONNECT 127.0.0.1:${to} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const answer = 'HTTP/1.1 200 Connection established\r\n\r\n';
  return { client, connected: client.take(answer.length).then(String) };
}

test('an outage resets clients, and clients that come meanwhile wait for the next network', async () => {
  const sockets: Socket[] = [];
  const { port } = await serving(open, (socket) => {
    sockets.push(socket);
    socket.write('half');
  });
  const proxy = await started();
  const first = connecting(proxy.port, port);
  expect(await first.connected).toMatch(/^HTTP\/1.1 200/);
  expect(String(await first.client.take(4))).toBe('half');

  proxy.control.loseBearer(300);
  await expect(first.client.rest()).rejects.toMatchObject({ code: 'ECONNRESET' });
  const second = connecting(proxy.port, port);
  expect(await second.connected).toMatch(/^HTTP\/1.1 200/);
  expect(String(await second.client.take(4))).toBe('half');
  expect(sockets).toHaveLength(2);
});

test('a client that leaves while it waits takes no link later', async () => {
  const { port } = await serving(open, () => {});
  const proxy = await started();
  proxy.control.loseBearer(300);
  const waiting = connecting(proxy.port, port);
  waiting.connected.catch(() => {});
  waiting.client.socket.destroy();
  const next = connecting(proxy.port, port);
  expect(await next.connected).toMatch(/^HTTP\/1.1 200/);
  expect(proxy.control.openLinks).toBe(1);
});

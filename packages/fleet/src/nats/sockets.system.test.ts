import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TcpSocket } from '@a7600/tcpip';
import { firstValueFrom, lastValueFrom, Subscription, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { held, listening, reached } from '../../../tcpip/test/online.js';
import { bundle } from '../../test/processes/bundle.js';
import { natsServer, program, ready } from '../../test/processes/programs.js';
import { online } from '../../test/transfers.js';
import { type Fleet, fleet as openFleet } from '../index.js';

// Everything but plain connections, which other tests carry: with agents as processes and a real nats-server.

const open = new Subscription();
let fleet: Fleet;

beforeAll(async () => {
  const server = await natsServer(open);
  const connection = await ready(open, server.url);
  const file = await bundle(open, new URL('../../test/processes/agent.ts', import.meta.url));
  program(open, file, server.url, 'ROOF-0', '1');
  program(open, file, server.url, 'ROOF-1', '1', '', 'transparent');
  fleet = await held(open, openFleet(connection));
  await online(fleet, 2);
});
afterAll(() => open.unsubscribe());

/** A peer on loopback, with the connections that it gets. */
async function peer(of: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    of(socket);
  });
  const port = await listening(server);
  open.add(() => void server.close());
  return port;
}

/** The bytes that come until there are so many. */
async function bytesOf(socket: TcpSocket, count: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const subscription = socket.received$.subscribe({
      next: (chunk) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= count) resolve();
      },
      error: reject,
      complete: resolve,
    });
    open.add(subscription);
  });
  return Buffer.concat(chunks);
}

test('datagrams go both ways, each whole, to the address that is named', async () => {
  const echo = createSocket('udp4');
  const asked: Buffer[] = [];
  echo.on('message', (bytes, { port, address }) => {
    asked.push(bytes);
    echo.send(bytes, port, address);
  });
  echo.bind(0, '127.0.0.1');
  await once(echo, 'listening');
  open.add(() => void echo.close());
  const to = { host: '127.0.0.1', port: echo.address().port };

  const socket = await held(open, fleet.modem('ROOF-0/m0').bind({ port: await freePort() }));
  const datagrams = [1, 700, 1_472].map((size) => randomBytes(size));
  const answers = firstValueFrom(socket.datagrams$.pipe(take(datagrams.length), toArray()));
  for (const each of datagrams) await lastValueFrom(socket.send(each, to), { defaultValue: undefined });
  expect((await answers).map(({ bytes }) => Buffer.from(bytes))).toEqual(datagrams);
  expect(asked).toEqual(datagrams);
  await lastValueFrom(socket.close(), { defaultValue: undefined });
  expect(await firstValueFrom(socket.ended$)).toEqual({ by: 'local' });
});

test('what was written is delivered when the peer has it', async () => {
  let received = 0;
  const port = await peer((socket) => socket.on('data', ({ length }) => (received += length)));
  const socket = await held(open, fleet.modem('ROOF-0/m0').connect({ host: '127.0.0.1', port }));
  await lastValueFrom(socket.write(new Uint8Array(50_000)), { defaultValue: undefined });
  await lastValueFrom(socket.delivered(), { defaultValue: undefined });
  await expect.poll(() => received).toBe(50_000);
});

test('what was written to a peer that resets the connection is not delivered', async () => {
  const port = await peer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const socket = await held(open, fleet.modem('ROOF-0/m0').connect({ host: '127.0.0.1', port }));
  await lastValueFrom(socket.write(new Uint8Array(1_000)), { defaultValue: undefined });
  await firstValueFrom(socket.ended$);
  await expect(lastValueFrom(socket.delivered(), { defaultValue: undefined })).rejects.toThrow();
});

test('a server on the module: its clients are sockets here', async () => {
  const port = await freePort();
  const clients = new Subscription();
  const client$ = held(clients, fleet.modem('ROOF-0/m0').listen({ port }));
  // The server of the module is there a moment later.
  const caller = await reached(port);
  caller.write('ping');
  const client = await client$;
  expect((await bytesOf(client, 4)).toString()).toBe('ping');
  await lastValueFrom(client.write('pong'), { defaultValue: undefined });
  expect((await once(caller, 'data')).toString()).toBe('pong');
  const closed = once(caller, 'close');
  clients.unsubscribe();
  await closed;
  const links = () => firstValueFrom(fleet.modem('ROOF-0/m0').links$);
  await expect.poll(async () => (await links()).filter(({ server }) => server !== undefined)).toEqual([]);
});

describe('a transparent session', () => {
  const modem = () => fleet.modem('ROOF-1/m0');
  const echoing = () => peer((socket) => socket.pipe(socket));

  test('carries every byte both ways, also what looks like an escape, and ends with its lease', async () => {
    const port = await echoing();
    const life = new Subscription();
    const leased = await held(life, modem().lease({ holder: 'a test' }));
    const session = await held(open, leased.transparent({ host: '127.0.0.1', port }));
    const payload = Buffer.concat([
      Buffer.from('+++'),
      randomBytes(100_000),
      Buffer.from('\r\n+++\r\nOK\r\n'),
    ]);
    const back = bytesOf(session, payload.length);
    await lastValueFrom(session.write(payload), { defaultValue: undefined });
    expect((await back).equals(payload)).toBe(true);
    const end = firstValueFrom(session.ended$);
    life.unsubscribe();
    expect(await end).toMatchObject({ by: 'lost', error: { code: 'LEASE_LOST' } });
  });

  test('is refused without a lease, and to a second holder', async () => {
    const port = await echoing();
    const life = new Subscription();
    const leased = await held(life, modem().lease({ holder: 'first' }));
    await expect(held(open, modem().lease({ holder: 'second' }))).rejects.toMatchObject({
      code: 'LEASE_HELD',
    });
    life.unsubscribe();
    // The release is on its way: from then on the lease is a former one.
    await expect
      .poll(() => held(open, leased.transparent({ host: '127.0.0.1', port })).catch(({ code }) => code))
      .toBe('LEASE_LOST');
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { firstValueFrom, lastValueFrom, reduce } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { bytesOf, textOf } from '../../test/observing.js';
import { hostNetwork } from './host-network.js';

const network = hostNetwork();

describe('hostNetwork', () => {
  test('connects to a real server on loopback', async () => {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connection = await firstValueFrom(network.connect({ host: 'localhost', port }));
    const echoed = firstValueFrom(connection.received$);
    await lastValueFrom(connection.write(bytesOf('hello')), { defaultValue: undefined });
    expect(Buffer.from(await echoed).toString()).toBe('hello');
    await lastValueFrom(connection.close(), { defaultValue: undefined });
    server.close();
  });

  test('tells refused, and does not leave loopback', async () => {
    const port = await freePort();
    await expect(firstValueFrom(network.connect({ host: '127.0.0.1', port }))).rejects.toMatchObject({
      failure: 'refused',
    });
    await expect(firstValueFrom(network.connect({ host: '192.0.2.1', port: 80 }))).rejects.toMatchObject({
      failure: 'unreachable',
    });
  });

  test('listens for real clients, and stops', async () => {
    const port = await freePort();
    const accepted = new Promise<string>((resolve, reject) => {
      const listening = network.listen(port).subscribe({
        error: reject,
        next: ({ connections$ }) => {
          connections$.subscribe((connection) => {
            listening.unsubscribe();
            const text$ = connection.received$.pipe(reduce((text, bytes) => text + Buffer.from(bytes), ''));
            lastValueFrom(text$).then((text) => {
              connection.close().subscribe();
              resolve(text);
            }, reject);
          });
          createConnection({ port, host: '127.0.0.1' }).end('from outside');
        },
      });
    });
    expect(await accepted).toBe('from outside');
    await expect(firstValueFrom(network.connect({ host: '127.0.0.1', port }))).rejects.toMatchObject({
      failure: 'refused',
    });
  });

  test('tells a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(firstValueFrom(network.listen(port))).rejects.toMatchObject({ failure: 'port-in-use' });
    server.close();
  });

  test('lets a port of the module be another one here', async () => {
    const port = await freePort();
    const mapped = hostNetwork({ ports: { 7: port } });
    const accepted = new Promise<number>((resolve, reject) => {
      mapped.listen(7).subscribe({
        error: reject,
        next: ({ connections$ }) => {
          connections$.subscribe((connection) => {
            connection.reset();
            resolve(connection.remote.port);
          });
          createConnection({ port, host: '127.0.0.1' }).on('error', () => {});
        },
      });
    });
    expect(await accepted).toBeGreaterThan(0);
  });

  test('connects from a local port of choice', async () => {
    const localPort = await freePort();
    const server = createServer((socket) => socket.end(String(socket.remotePort))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connection = await firstValueFrom(network.connect({ host: '127.0.0.1', port }, localPort));
    expect(textOf(await firstValueFrom(connection.received$))).toBe(String(localPort));
    await lastValueFrom(connection.close(), { defaultValue: undefined });
    server.close();
  });
});

describe('datagrams', () => {
  test('go to a real UDP port and come back from it', async () => {
    const peer = createSocket('udp4');
    peer.on('message', (bytes, from) => peer.send(`${bytes}!`, from.port, from.address));
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const answer = await new Promise<{ text: string; from: object }>((resolve, reject) => {
      const life = network.bind(0).subscribe((socket) => {
        expect(socket.port).toBeGreaterThan(0);
        socket.received$.subscribe(({ bytes, from }) => {
          life.unsubscribe();
          resolve({ text: textOf(bytes), from });
        });
        socket.send(bytesOf('hello'), { host: 'localhost', port: peer.address().port }).subscribe({
          error: reject,
        });
      });
    });
    expect(answer).toEqual({ text: 'hello!', from: { host: '127.0.0.1', port: peer.address().port } });
    peer.close();
  });

  test('a UDP port listens on loopback only, whatever else may be reached', async () => {
    const open = hostNetwork({ allow: ['*:*'] }).bind(0);
    await new Promise<void>((resolve) => {
      const life = open.subscribe(({ port }) => {
        // Linux lists its ports in hexadecimal: 0100007F is 127.0.0.1.
        const listed = readFileSync('/proc/net/udp', 'utf8');
        const hex = port.toString(16).toUpperCase().padStart(4, '0');
        expect(listed).toContain(` 0100007F:${hex} `);
        expect(listed).not.toContain(` 00000000:${hex} `);
        life.unsubscribe();
        resolve();
      });
    });
  });

  test('a UDP port in use is told, and a destination that is not allowed', async () => {
    const peer = createSocket('udp4').bind(0, '127.0.0.1');
    await once(peer, 'listening');
    await expect(firstValueFrom(network.bind(peer.address().port))).rejects.toMatchObject({
      failure: 'port-in-use',
    });
    peer.close();
    const socket = await firstValueFrom(network.bind(0));
    const sent = lastValueFrom(socket.send(bytesOf('x'), { host: '192.0.2.1', port: 9 }));
    await expect(sent).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

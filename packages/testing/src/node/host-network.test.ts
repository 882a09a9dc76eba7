import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { firstValueFrom, lastValueFrom, reduce } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/console.js';
import { hostNetwork } from './host-network.js';

const network = hostNetwork();

/** A port of loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

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
});

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { firstValueFrom, lastValueFrom, reduce } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { type DuplexLink, fromDuplex } from './from-duplex.js';

const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A link over one end of a real loopback connection, and the other end. */
async function connected(allowHalfOpen = false): Promise<[DuplexLink, Socket]> {
  const server = createServer({ allowHalfOpen, pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = createConnection({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const [socket] = (await once(server, 'connection')) as [Socket];
  await once(peer, 'connect');
  server.close();
  sockets.push(peer, socket);
  return [fromDuplex(socket), peer];
}

const complete = (link: DuplexLink) => lastValueFrom(link.close(), { defaultValue: undefined });

describe('fromDuplex', () => {
  test('delivers what the peer sent, whole, and completes with its end', async () => {
    const [link, peer] = await connected();
    const sent = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    peer.end(sent);
    const received = await lastValueFrom(
      link.received$.pipe(reduce((whole, chunk) => Buffer.concat([whole, chunk]), Buffer.alloc(0))),
    );
    expect(received.equals(sent)).toBe(true);
    expect(await firstValueFrom(link.ended$)).toEqual({ by: 'remote' });
  });

  test('a write completes when it is accepted, and close sends it before the end', async () => {
    const [link, peer] = await connected();
    const chunks: Buffer[] = [];
    peer.on('data', (chunk) => chunks.push(chunk));
    link.write(Buffer.from('first ')).subscribe();
    link.write(Buffer.from('second')).subscribe();
    await Promise.all([once(peer, 'end'), complete(link)]);
    expect(Buffer.concat(chunks).toString()).toBe('first second');
    expect(await firstValueFrom(link.ended$)).toEqual({ by: 'local' });
  });

  test('goes on writing after the peer has ended, where the stream is half-open', async () => {
    const [link, peer] = await connected(true);
    const chunks: Buffer[] = [];
    peer.on('data', (chunk) => chunks.push(chunk));
    peer.end('question');
    await lastValueFrom(link.received$);
    link.write(Buffer.from('answer')).subscribe();
    await Promise.all([once(peer, 'end'), complete(link)]);
    expect(Buffer.concat(chunks).toString()).toBe('answer');
  });

  test('a reset loses the link with a typed error, and later writes fail', async () => {
    const [link, peer] = await connected();
    const lost = expect(lastValueFrom(link.received$)).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
    peer.resetAndDestroy();
    await lost;
    const write$ = link.write(Buffer.from('x'));
    await expect(lastValueFrom(write$)).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' });
    await complete(link);
  });

  // Node calls such a write back without an error.
  test.each([
    ['this side drops the stream', (link: DuplexLink) => link.destroy(), 'TRANSPORT_CLOSED'],
    ['the peer resets it', (_: DuplexLink, peer: Socket) => peer.resetAndDestroy(), 'TRANSPORT_LOST'],
  ])('writes that the kernel has not taken when %s fail', async (_, end, code) => {
    const [link, peer] = await connected();
    link.received$.subscribe({ error: () => {} });
    const writes = Promise.allSettled(
      [64 << 20, 10].map((size) =>
        lastValueFrom(link.write(Buffer.alloc(size)), { defaultValue: 'accepted' }),
      ),
    );
    await once(peer, 'readable');
    end(link, peer);
    const failed = { status: 'rejected', reason: { code } };
    expect(await writes).toMatchObject([failed, failed]);
  });

  test('a write that the stream never calls back fails when the stream is closed', async () => {
    const stream = new Duplex({ read() {}, write() {} });
    const written = lastValueFrom(fromDuplex(stream).write('x'));
    stream.destroy();
    await expect(written).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
  });

  test('a paused link leaves the bytes with the sender', async () => {
    const [link, peer] = await connected();
    link.pause();
    link.received$.subscribe({ error: () => {} });
    const chunk = Buffer.alloc(1 << 20);
    let written = 0;
    while (peer.write(chunk) && written < 64) written += 1;
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(peer.writableNeedDrain).toBe(true);
    link.resume();
    await once(peer, 'drain');
  });

  test('small writes of one turn go out together after the first, large ones at once', async () => {
    const handed: number[][] = [];
    const stream = new Duplex({
      read() {},
      write(chunk: Uint8Array, _, callback) {
        handed.push([chunk.length]);
        callback();
      },
      writev(chunks, callback) {
        handed.push(chunks.map(({ chunk }) => (chunk as Uint8Array).length));
        callback();
      },
    });
    const link = fromDuplex(stream);
    const send = (size: number) =>
      lastValueFrom(link.write(new Uint8Array(size)), { defaultValue: undefined });
    await Promise.all([send(1), send(2), send(3)]);
    expect(handed).toEqual([[1], [2, 3]]);
    handed.length = 0;
    await Promise.all([send(20_000), send(4), send(5), send(6)]);
    expect(handed).toEqual([[20_000], [4], [5, 6]]);
  });
});

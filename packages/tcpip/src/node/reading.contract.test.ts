import { once } from 'node:events';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { createInterface } from 'node:readline';
import { addAbortSignal, Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { onlineForAll, serving } from '../../test/online.js';
import type { LinkStreamOptions } from './link-stream-options.js';
import { ModemSocket } from './socket.js';

const modem = onlineForAll();
const TEXT = Array.from({ length: 800 }, (_, at) => `line ${at}, äö€😀\n`).join('');

type Options = Pick<LinkStreamOptions, 'allowHalfOpen' | 'signal' | 'onread'>;

/** Each way to read is what Node does, and what the modem does. */
describe.each([
  ['net.Socket', (options: Options) => new Socket(options as SocketConstructorOpts)],
  ['ModemSocket', (options: Options) => new ModemSocket(modem.net, options)],
])('%s', (_, make) => {
  /** A socket whose peer sends the text and ends. */
  const reader = async (options: Options = {}): Promise<Socket> => {
    const { port } = await serving(modem.open, (peer) => peer.end(TEXT));
    return make(options).connect(port, '127.0.0.1');
  };
  /** A socket whose peer sends everything back. */
  const echo = async (options: Options = {}): Promise<Socket> => {
    const { port } = await serving(modem.open, (peer) => peer.pipe(peer));
    return make(options).connect(port, '127.0.0.1');
  };

  test('events that are awaited one after the other are all seen', async () => {
    const socket = await reader();
    await once(socket, 'connect');
    let received = '';
    const over = once(socket, 'end').then(() => undefined);
    for (;;) {
      const next = await Promise.race([once(socket, 'data'), over]);
      if (next === undefined) break;
      received += next[0].toString('latin1');
    }
    expect(Buffer.from(received, 'latin1').toString()).toBe(TEXT);
    await once(socket, 'close');
  });

  test('what is put back after the first chunk is read again', async () => {
    const socket = await reader();
    const [first] = await once(socket, 'data');
    socket.pause();
    socket.unshift(first);
    expect(await text(socket)).toBe(TEXT);
  });

  test('setEncoding() never cuts a character', async () => {
    const socket = await reader();
    expect(socket.setEncoding('utf8')).toBe(socket);
    const chunks: unknown[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'end');
    expect(chunks.every((chunk) => typeof chunk === 'string')).toBe(true);
    expect(chunks.join('')).toBe(TEXT);
    expect([socket.readableEncoding, socket.bytesRead]).toEqual(['utf8', Buffer.byteLength(TEXT)]);
  });

  test('read(size) on "readable" gives exactly that much', async () => {
    const socket = await echo();
    socket.write('abcdefgh');
    let received = '';
    await new Promise<void>((resolve) =>
      socket.on('readable', () => {
        for (let part = socket.read(3); part !== null; part = socket.read(3)) received += `${part}|`;
        if (received === 'abc|def|') resolve();
      }),
    );
    expect([received, socket.readableLength]).toEqual(['abc|def|', 2]);
    socket.destroy();
  });

  test('lines are read one by one', async () => {
    let lines = 0;
    for await (const line of createInterface({ input: await reader() })) if (line.startsWith('line')) lines++;
    expect(lines).toBe(800);
  });

  test('an iterator that is left destroys the socket', async () => {
    const socket = await reader();
    for await (const _chunk of socket) break;
    expect(socket.destroyed).toBe(true);
  });

  test('becomes web streams', async () => {
    const { port } = await serving(modem.open, (peer) => peer.once('data', (bytes) => peer.end(bytes)));
    const { readable, writable } = Duplex.toWeb(make({}).connect(port, '127.0.0.1'));
    await writable.getWriter().write(Buffer.from('hello'));
    let received = '';
    for await (const chunk of readable) received += Buffer.from(chunk);
    expect(received).toBe('hello');
  });

  test('onread is called with each part, in one buffer', async () => {
    const buffer = Buffer.alloc(1_000);
    const parts: Buffer[] = [];
    const socket = await reader({
      // What it returns does not matter unless it is false.
      onread: { buffer, callback: (size, bytes) => parts.push(Buffer.from(bytes.subarray(0, size))) > 0 },
    });
    const seen: string[] = [];
    socket.on('data', () => seen.push('data'));
    socket.on('end', () => seen.push('end'));
    await once(socket, 'close');
    expect(Buffer.concat(parts).toString()).toBe(TEXT);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
    expect([seen, socket.bytesRead]).toEqual([['end'], Buffer.byteLength(TEXT)]);
  });

  test('onread takes a new buffer each time, and undefined does not pause', async () => {
    const buffers: Buffer[] = [];
    let received = 0;
    const socket = await reader({
      onread: {
        buffer: () => {
          const buffer = Buffer.alloc(512);
          buffers.push(buffer);
          return buffer;
        },
        callback: (size) => {
          received += size;
        },
      },
    });
    await once(socket, 'close');
    expect(received).toBe(Buffer.byteLength(TEXT));
    expect(buffers.length).toBeGreaterThan(Math.floor(received / 512));
  });

  test('onread pauses the socket with false, and its end waits for the rest', async () => {
    let received = 0;
    let pauses = 0;
    const socket = await reader({
      onread: {
        buffer: Buffer.alloc(700),
        callback: (size) => {
          received += size;
          pauses += 1;
          setImmediate(() => socket.resume());
          return false;
        },
      },
    });
    await once(socket, 'end');
    expect(received).toBe(Buffer.byteLength(TEXT));
    expect(pauses).toBeGreaterThanOrEqual(Math.ceil(received / 700));
  });

  test('pause() stops onread, resume() goes on', async () => {
    const sizes: number[] = [];
    const socket = await echo({
      onread: { buffer: Buffer.alloc(100), callback: (size) => sizes.push(size) > 0 },
    });
    await once(socket, 'connect');
    socket.pause();
    await new Promise((resolve) => socket.write('hello', resolve));
    const other = await echo();
    other.write('x');
    // What was sent before has come back by now.
    await once(other, 'data');
    expect(sizes).toEqual([]);
    socket.resume();
    while (sizes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(sizes).toEqual([5]);
    socket.destroy();
    other.destroy();
  });

  test.each([
    ['the option signal', true],
    ['addAbortSignal()', false],
  ])('%s destroys it with an AbortError', async (_name, asOption) => {
    const abort = new AbortController();
    const socket = await echo(asOption ? { signal: abort.signal } : {});
    if (!asOption) addAbortSignal(abort.signal, socket);
    await once(socket, 'connect');
    const over = finished(socket).catch(({ name, code }) => [name, code]);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    abort.abort();
    expect(await over).toEqual(['AbortError', 'ABORT_ERR']);
    expect([socket.destroyed, await closed]).toEqual([true, true]);
  });

  test('a signal that is aborted already destroys it', async () => {
    const socket = make({ signal: AbortSignal.abort() });
    const [{ name }] = await once(socket, 'error');
    expect(name).toBe('AbortError');
  });

  test('Readable.from() is written with its own pace', async () => {
    const socket = await echo({ allowHalfOpen: true });
    const parts = Array.from({ length: 200 }, (_, at) => `${at};`);
    Readable.from(parts).pipe(socket, { end: false });
    let received = '';
    for await (const chunk of socket) {
      received += chunk;
      if (received.endsWith('199;')) break;
    }
    expect(received).toBe(parts.join(''));
  });
});

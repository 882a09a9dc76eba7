import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { convert } from '@a7600/diagnostics/capture';
import type { ReceiveMode } from '@a7600/tcpip';
import { createSocket, ModemSocket, modemConnect } from '@a7600/tcpip/node';
import { describe, expect, test } from 'vitest';
import { listening, serving } from '../../../../packages/tcpip/test/online.js';
import { patterned } from '../../test/real.js';
import { type Recorded, recorded } from '../../test/recorded.js';
import { scratch } from '../../test/scratch.js';

// The real tshark reads what the program writes.

const own = scratch();

const STARTED = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The capture of a recording as a file. */
function captured(recording: string): string {
  const chunks: Uint8Array[] = [];
  convert(recording, STARTED, (bytes) => chunks.push(bytes));
  const file = join(own.folder, 'capture.pcapng');
  writeFileSync(file, Buffer.concat(chunks));
  return file;
}

const tshark = (file: string, ...args: string[]) =>
  execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The fields of the packets that a filter finds. */
const fields = (file: string, filter: string, ...names: string[]) =>
  tshark(file, '-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]))
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));

/** What `follow` shows of a stream: the bytes of each side. */
function followed(file: string, stream: number, protocol = 'tcp') {
  const text = tshark(file, '-q', '-z', `follow,${protocol},raw,${stream}`);
  const lines = text.split('\n').filter((line) => /^\t?[\da-f]+$/.test(line));
  const side = (isSecond: boolean) =>
    Buffer.from(
      lines
        .filter((line) => line.startsWith('\t') === isSecond)
        .join('')
        .replaceAll('\t', ''),
      'hex',
    );
  return { first: side(false), second: side(true) };
}

/** Sends and receives random bytes over a connection. */
async function exchange({ net }: Recorded, sent: Buffer, answer: Buffer): Promise<Buffer> {
  const got = new Promise<Buffer>((resolve) => {
    serving(own.open, async (socket) => {
      let length = 0;
      const chunks: Buffer[] = [];
      socket.on('data', (bytes: Buffer) => {
        chunks.push(bytes);
        length += bytes.length;
        if (length < sent.length) return;
        socket.end(answer);
        resolve(Buffer.concat(chunks));
      });
    }).then(({ port }) => {
      const socket = new ModemSocket(net).connect(port, '127.0.0.1');
      socket.write(sent);
      buffer(socket).then((back) => expect(back.equals(answer)).toBe(true));
    });
  });
  return got;
}

test('the at dissector finds commands and answers, with direction and time', async () => {
  const module = await recorded(own.open);
  await module.close();
  const file = captured(module.text());
  const names = ['at.cmd', 'frame.packet_flags_direction', 'frame.time_epoch'];
  const commands = fields(file, 'at.cmd && exported_pdu.p2p_dir == 0', ...names);
  const sent = commands.map(([name]) => name);
  for (const name of ['+CIPMODE', '+CIPRXGET', '+NETOPEN', '+IPADDR', '+NETCLOSE'])
    expect(sent).toContain(name);
  for (const [, direction, time] of commands) {
    expect(Number(direction)).toBe(2);
    expect(Number(time) * 1_000 - STARTED).toBeGreaterThanOrEqual(0);
    expect(Number(time) * 1_000 - STARTED).toBeLessThan(60_000);
  }
  const answers = fields(file, 'at.cmd && exported_pdu.p2p_dir == 1', ...names.slice(0, 2));
  expect(answers).toContainEqual(['+NETOPEN', '0x00000001']);
  expect(answers).toContainEqual(['+IPADDR', '0x00000001']);
});

describe.each(['buffer', 'hex', 'push'] as ReceiveMode[])('%s access', (receive) => {
  test('follow,tcp gives what the peer got, and what it sent', async () => {
    const module = await recorded(own.open, { receive });
    const [sent, answer] = [patterned(40_000), patterned(60_000).reverse()];
    expect((await exchange(module, sent, answer)).equals(sent)).toBe(true);
    await module.close();
    const { first, second } = followed(captured(module.text()), 0);
    expect([first.equals(sent), second.equals(answer)]).toEqual([true, true]);
  });
});

test('an HTTP request and its answer stand beside the commands that carried them', async () => {
  const server = createServer((_, response) => response.end('hello'));
  const port = await listening(server);
  own.open.add(() => server.close());
  const module = await recorded(own.open);
  const http = await import('node:http');
  const request = http.get({
    host: '127.0.0.1',
    port,
    path: '/page',
    agent: modemConnect(module.net).httpAgent({ keepAlive: false }),
  });
  const [response] = await once(request, 'response');
  expect(String(await buffer(response))).toBe('hello');
  await module.close();
  const file = captured(module.text());
  const as = ['-d', `tcp.port==${port},http`];
  expect(tshark(file, ...as, '-Y', 'http.request', '-T', 'fields', '-e', 'http.request.uri').trim()).toBe(
    '/page',
  );
  expect(tshark(file, ...as, '-Y', 'http.response', '-T', 'fields', '-e', 'http.response.code').trim()).toBe(
    '200',
  );
  // Nothing that an expert would complain about: no lost segment, no wrong checksum.
  const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  expect(
    tshark(file, ...checks, '-Y', 'tcp.analysis.flags || tcp.checksum.status==0 || ip.checksum.status==0'),
  ).toBe('');
});

test('datagrams and their peers', async () => {
  const { createSocket: hostSocket } = await import('node:dgram');
  const peer = hostSocket('udp4');
  peer.on('message', (bytes, { port }) => peer.send(`got ${bytes}`, port, '127.0.0.1'));
  peer.bind(0, '127.0.0.1');
  await once(peer, 'listening');
  own.open.add(() => peer.close());
  const module = await recorded(own.open, { receive: 'push' });
  const socket = createSocket(module.net);
  socket.send('hello', peer.address().port, '127.0.0.1');
  await once(socket, 'message');
  await new Promise<void>((resolve) => socket.close(resolve));
  await module.close();
  const { first, second } = followed(captured(module.text()), 0, 'udp');
  expect([String(first), String(second)]).toEqual(['hello', 'got hello']);
});

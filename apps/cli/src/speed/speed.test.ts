import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { listening } from '../../../../packages/tcpip/test/online.js';
import { program } from '../../test/program.js';
import { talk } from '../../test/talk.js';
import { allowed } from './allowed.js';
import { down, roundTrips, up } from './measure.js';
import { MOST, speedServer } from './server.js';

const BUNDLE = fileURLToPath(new URL('../../../../docs/program/no-apn.jsonl', import.meta.url));

describe('what line and module allow', () => {
  test('115200 baud without a turnaround: the share of payload in what passes on the line', () => {
    const limits = { baudRate: 115_200, turnaround: 0 } as const;
    // A byte takes ten bits; 55 bytes around a block of 1500 that is read, 52 around one that is sent.
    expect(allowed('down', { ...limits, receive: 'buffer' })).toBeCloseTo((11_520 * 1_500) / 1_555, 0);
    expect(allowed('down', { ...limits, receive: 'hex' })).toBeLessThan(11_520 / 2);
    expect(allowed('down', { ...limits, receive: 'push' })).toBeGreaterThan(11_300);
    expect(allowed('up', { ...limits, receive: 'buffer' })).toBeCloseTo((11_520 * 1_500) / 1_552, 0);
  });

  test('without a line only the turnaround limits it, twice for each block that is sent', () => {
    const limits = { baudRate: undefined, turnaround: 10, receive: 'buffer' } as const;
    expect(allowed('down', limits)).toBeCloseTo(150_000);
    expect(allowed('up', limits)).toBeCloseTo(75_000);
    expect(allowed('down', { ...limits, receive: 'push' })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the server', () => {
  async function answer(request: string): Promise<Buffer> {
    const server = speedServer();
    const client = talk(await listening(server));
    client.send(request);
    const bytes = await client.rest().catch(() => Buffer.from('reset'));
    client.socket.destroy();
    server.close();
    return bytes;
  }

  test('sends and takes exactly what was asked for', async () => {
    expect(await answer('a7600-speed/1 down 100000\n')).toHaveLength(100_000);
    expect(String(await answer('a7600-speed/1 up 5\nhello'))).toBe('done\n');
  });

  test.each([
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    `a7600-speed/1 down ${MOST + 1}\n`,
    'x'.repeat(300),
    'a7600-speed/2 down 1\n',
  ])('ends what is no request: %s', async (request) => {
    expect(String(await answer(request))).toMatch(/^(?:reset)?$/);
  });

  test('serves four clients at a time', async () => {
    const server = speedServer();
    const port = await listening(server);
    const clients = Array.from({ length: 4 }, () => talk(port));
    for (const client of clients) client.send('a7600-speed/1 echo 0\nhello\n');
    for (const client of clients) expect(String(await client.take(6))).toBe('hello\n');
    expect(await talk(port).rest()).toHaveLength(0);
    for (const client of clients) client.socket.destroy();
    server.close();
  });
});

test.each([
  [
    'something else',
    '220 mail.example ESMTP\r\n',
    undefined,
    /answered "220 mail.example ESMTP"\. Is it `a7600 speed --serve`/,
  ],
  ['nothing', '', 50, /did not answer for 0\.05 s\. Is it `a7600 speed --serve`/],
])('a server that answers %s is named as another one', async (_, greeting, timeout, message) => {
  const server = createServer((client) => client.write(greeting));
  const { socket } = talk(await listening(server));
  await expect(roundTrips(socket, 1, timeout)).rejects.toThrow(message);
  socket.destroy();
  server.close();
});

test.each([
  ['down', 'sends', 20_000, /^Nothing has passed for 0\.1 s, after \d+ of 20000 bytes down\..* has stalled/],
  ['up', 'takes', 50_000_000, /^Nothing has passed for 0\.1 s, after \d+ of 50000000 bytes up\./],
] as const)('%s: a server that %s no more is given up', async (direction, _, bytes, message) => {
  const server = createServer((client) => client.pause().write('a7600-speed '));
  const { socket } = talk(await listening(server));
  const measure = { down, up }[direction];
  await expect(measure(socket, bytes, { timeout: 100 })).rejects.toThrow(message);
  expect(socket.destroyed).toBe(true);
  server.close();
});

describe('a7600 speed', () => {
  test('measures an emulated module against a server of its own', async () => {
    const { code, output } = await program('speed', '--emulated', '--bytes', '50000');
    expect(code).toBe(0);
    expect(output).toMatch(
      /^Latency {2}\d+\.\d ms least, .* of 10 round trips\nDown {5}\d.*\nUp {7}\d.*\nLimits {3}no serial line/,
    );
    const { output: json } = await program(
      'speed',
      '--emulated',
      '--bytes',
      '50000',
      '--receive',
      'push',
      '--json',
    );
    expect(JSON.parse(json)).toMatchObject({ up: { bytes: 50_000 }, limits: { receive: 'push' } });
  });

  test.each([
    [['--bytes', '10'], /at least 10000/],
    [['--bytes', '50000001'], /from 1 to 50000000/],
    [['--receive', 'fast'], /Allowed choices are buffer, hex, push, transparent/],
    [['--serve', 'x'], /Write PORT or HOST:PORT/],
    [['127.0.0.1', '0'], /'0' is no port/],
  ])('%s', async (args, message) => {
    const { code, messages } = await program('speed', '--emulated', ...args);
    expect(code).toBe(2);
    expect(messages).toMatch(message);
  });

  test.each([
    [['--tcp', '127.0.0.1:1', '--speed'], /Say where `a7600 speed --serve` runs: --speed HOST:PORT\./],
    [['--replay', BUNDLE, '--speed'], /A recording has no speed/],
  ])('doctor %j', async (args, message) => {
    const { code, messages } = await program('doctor', ...args);
    expect([code, messages]).toEqual([2, expect.stringMatching(message)]);
  });

  test.each([['buffer'], ['transparent']])(
    'a host that an emulated module does not reach, %s',
    async (mode) => {
      // The port may be left out.
      const { code, messages } = await program('speed', '--emulated', '--receive', mode, 'example.com');
      expect([code, messages]).toEqual([
        1,
        expect.stringMatching(
          /^Cannot connect to example\.com:7600: .* An emulated module reaches this computer only: .*\n$/,
        ),
      ]);
    },
  );

  test('without a server to ask: says how to start one', async () => {
    const { code, messages } = await program('speed', '--tcp', '127.0.0.1:1');
    expect([code, messages]).toEqual([2, expect.stringMatching(/a7600 speed --serve/)]);
  });
});

import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { describe, expect, test, vi } from 'vitest';
import { example } from './support/example.js';
import { localHttp } from './support/local.js';
import { run, start } from './support/run.js';

test.each([
  ['http', '200 GET /, 0 bytes. Hello, modem.\n'],
  ['https', '200 POST /, 20 bytes. Hello, modem.\n'],
  ['fetch', '200 GET /, 0 bytes. Hello, modem.\n'],
  ['websocket', 'It said: hello\n'],
  ['dns', 'example.com is at 192.0.2.7\n'],
])('%s', async (name, printed) => {
  expect(await run(name)).toBe(printed);
});

test('tls', async () => {
  const printed = await run('tls');
  expect(printed).toMatch(/^TLSv1\.3 with localhost\n/);
  expect(printed).toContain('GET /, 0 bytes. Hello, modem.');
});

test('server', async () => {
  expect(await run('server')).toMatch(/^Listening on 127\.0\.0\.1, port \d+\.\nHello from the modem\.\n$/);
});

test.each(['express', 'fastify', 'nest'])(
  'a recipe for %s serves a visitor, and closes the modem',
  async (name) => {
    expect(await run(`recipes/${name}`)).toBe('200 {"hello":"from the modem"}\n');
  },
);

test('--serial opens a real serial port', async () => {
  const { url, close } = await localHttp();
  const printed = await new Promise<string>((resolve, reject) => {
    const device = onPty(emulator({ network: hostNetwork() })).subscribe({
      next: ({ path }) => {
        run('http', '--serial', path, url.href)
          .then(resolve, reject)
          .finally(() => device.unsubscribe());
      },
      error: reject,
    });
  });
  close?.();
  expect(printed).toBe('200 GET /, 0 bytes. Hello, modem.\n');
});

describe('a mistake ends an example with one line', () => {
  test.each([
    [['--serial', '/dev/nothing'], 'With --serial, say where to: a URL.'],
    [['--serial', '/dev/nothing', 'http://localhost'], 'There is no serial port /dev/nothing'],
    [['--apn', 'internet'], '--apn is for a real module: give its port with --serial.'],
    [['--pin', '1234'], '--pin is for a real module: give its port with --serial.'],
    [['example.com'], 'example.com is not a URL.'],
    [['http://a', 'http://b'], 'There can be only one target: http://a, http://b.'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%s', async (args, message) => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    const { argv } = process;
    process.argv = ['node', 'http.ts', ...args];
    try {
      await example(localHttp, async () => {});
      expect(process.exitCode).toBe(1);
      const [[said], ...more] = printed.mock.calls.slice(-1) as [unknown[]];
      expect(said).toContain(message);
      expect(String(said).split('\n')).toHaveLength(1);
      expect(more).toEqual([]);
    } finally {
      process.argv = argv;
      process.exitCode = undefined;
      printed.mockRestore();
    }
  });

  test('and with 1', async () => {
    await expect(run('http', '--nonsense')).rejects.toThrow(
      /^http ended with 1: Unknown option '--nonsense'.*\n$/,
    );
  });
});

test('the server of the README echoes, and Ctrl-C ends it', async () => {
  const { child, printed } = start('echo');
  await printed('Listening on 7007.');
  const socket = createConnection({ port: 7007, host: '127.0.0.1' });
  socket.end('hello');
  expect(await text(socket)).toBe('hello');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
});

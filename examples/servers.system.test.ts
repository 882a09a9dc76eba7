import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { expect, test } from 'vitest';
import { localHttp } from './support/local.js';
import { run, start } from './support/run.js';

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

test('the server of the README echoes, and Ctrl-C ends it', async () => {
  const { child, printed } = start('echo');
  await printed('Listening on 7007.');
  const socket = createConnection({ port: 7007, host: '127.0.0.1' });
  socket.end('hello');
  expect(await text(socket)).toBe('hello');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
});

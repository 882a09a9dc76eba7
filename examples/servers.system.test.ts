import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { expect, test } from 'vitest';
import { freePort } from '../tools/free-port.js';
import { hold } from '../tools/hold.js';
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
  const { path } = await hold(onPty(emulator({ network: hostNetwork() })));
  expect(await run('http', '--serial', path, url.href)).toBe('200 GET /, 0 bytes. Hello, modem.\n');
  close?.();
});

// Not on port 7007 of this computer: a run of the README beside this test has that one.
test('the server of the README echoes, and Ctrl-C ends it', async () => {
  const port = await freePort();
  const { path } = await hold(onPty(emulator({ network: hostNetwork({ ports: { 7007: port } }) })));
  const { child, printed } = start('echo', path);
  await printed('Listening on 7007.');
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.end('hello');
  expect(await text(socket)).toBe('hello');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
});

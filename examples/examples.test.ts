import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { expect, test } from 'vitest';
import { localHttp } from './support/local.js';
import { run } from './support/run.js';

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

test('--serial without a target is a mistake', async () => {
  await expect(run('http', '--serial', '/dev/nothing')).rejects.toThrow(/say where to: a URL/);
});

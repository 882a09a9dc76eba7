import { expect, test } from 'vitest';
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

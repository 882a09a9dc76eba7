import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mosquitto, redisServer } from '../packages/tcpip/test/programs.js';
import { run } from './support/run.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

test('mqtt, with the real mosquitto', async () => {
  const { port } = await mosquitto(open);
  expect(await run('mqtt', `mqtt://127.0.0.1:${port}`)).toBe('a7600/example: hello\n');
});

test('redis, with the real redis-server', async () => {
  const { port } = await redisServer(open);
  expect(await run('redis', `redis://127.0.0.1:${port}`)).toBe('hello\n');
});

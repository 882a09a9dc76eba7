import { once } from 'node:events';
import { Redis } from 'ioredis';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { type Online, online, stayingOnline } from '../../test/online.js';
import { type Program, redisServer } from '../../test/programs.js';
import { modemConnect } from './modem-connect.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

describe.each([
  ['in process', false],
  ['over a pseudo-terminal and a real serial port', true],
])('ioredis and redis-server, %s', (_, pty) => {
  let server: Program;
  let modem: Online;
  beforeEach(async () => {
    server = await redisServer(open);
    modem = await online({ pty });
  });
  afterEach(() => modem.close());

  const client = () => {
    const { host, port } = server;
    const { ioredis: Connector } = modemConnect(modem.net);
    const redis = new Redis({ host, port, Connector, retryStrategy: () => 20 });
    open.add(() => redis.disconnect());
    return redis;
  };

  test('sets and gets', async () => {
    const redis = client();
    expect(await redis.set('key', 'wert ≠ value')).toBe('OK');
    expect(await redis.get('key')).toBe('wert ≠ value');
    await redis.quit();
  });

  test('a pipeline of a thousand commands', async () => {
    const redis = client();
    const pipeline = redis.pipeline();
    for (let index = 0; index < 1_000; index++) pipeline.incrby('sum', index);
    const results = await pipeline.exec();
    expect(results).toHaveLength(1_000);
    expect(results?.at(-1)).toEqual([null, 499_500]);
    await redis.quit();
  });

  test('large values come back whole', async () => {
    const redis = client();
    const large = Buffer.from(Uint8Array.from({ length: 500_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
    await redis.set('large', large);
    expect(large.equals((await redis.getBuffer('large')) as Buffer)).toBe(true);
    await redis.quit();
  });

  test('publishes and subscribes', async () => {
    const [publisher, subscriber] = [client(), client()];
    await subscriber.subscribe('news');
    const heard = once(subscriber, 'message');
    expect(await publisher.publish('news', 'rain')).toBe(1);
    expect(await heard).toEqual(['news', 'rain']);
    await Promise.all([publisher.quit(), subscriber.quit()]);
  });

  test('a server that goes away is seen as with a real socket', async () => {
    const redis = client();
    await redis.ping();
    const errors = once(redis, 'error');
    const closed = once(redis, 'close');
    server.process.kill('SIGKILL');
    await closed;
    expect((await errors)[0]).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    redis.disconnect();
  });
});

test('a port without a listener is ECONNREFUSED, then the retry strategy decides', async () => {
  const modem = await online();
  const redis = new Redis({
    host: '127.0.0.1',
    port: await freePort(),
    Connector: modemConnect(modem.net).ioredis,
    retryStrategy: (times) => (times > 2 ? null : 1),
  });
  const codes: (string | undefined)[] = [];
  redis.on('error', ({ code }: NodeJS.ErrnoException) => codes.push(code));
  await new Promise((resolve) => redis.once('end', resolve));
  expect(codes).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
  await modem.close();
});

test.each([
  ['the bearer is lost', 'ENETDOWN'],
  ['the module restarts', 'ECONNRESET'],
])('%s: ioredis sees %s, comes back and goes on', async (what, code) => {
  const server = await redisServer(open);
  const modem = await stayingOnline();
  const { host, port } = server;
  const redis = new Redis({
    host,
    port,
    Connector: modemConnect(modem.networks$).ioredis,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  await redis.set('key', 'kept');
  const failed = once(redis, 'error');
  if (what === 'the bearer is lost') modem.module.control.loseBearer(50);
  else modem.module.control.restart();
  expect((await failed)[0]).toMatchObject({ code });
  redis.on('error', () => {});
  expect(await redis.get('key')).toBe('kept');
  await redis.quit();
  await modem.close();
});

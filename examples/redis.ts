// Redis: npm run example examples/redis.ts -- --serial /dev/ttyUSB2 redis://redis.example.com
// With the emulated module it talks to a server on this computer.
import { modemConnect } from '@a7600/tcpip/node';
import { Redis } from 'ioredis';
import { example } from './support/example.js';
import { local } from './support/local.js';

await example(local('redis://127.0.0.1:6379'), async (networks$, { url }) => {
  const redis = new Redis({
    host: url.hostname,
    port: Number(url.port || 6379),
    Connector: modemConnect(networks$).ioredis,
  });
  await redis.set('a7600:example', 'hello');
  console.log(await redis.get('a7600:example'));
  await redis.quit();
});

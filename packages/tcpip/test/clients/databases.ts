import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { ModemSocket } from '../../src/node/index.js';
import { postgres, redisServer } from '../programs.js';
import { CLIENT_TIMEOUT, type Client } from './client.js';

export const ioredis: Client = {
  name: 'ioredis',
  package: 'ioredis',
  server: 'redis-server',
  serve: async (open) => (await redisServer(open)).port,
  async session({ connect, host, port }) {
    const redis = new Redis({ host, port, Connector: connect.ioredis, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
    const key = `key ${Math.random()}`;
    return {
      async roundTrip(bytes) {
        await redis.set(key, bytes);
        return (await redis.getBuffer(key)) ?? Buffer.alloc(0);
      },
      close: () => redis.quit(),
      abort: () => redis.disconnect(),
    };
  },
};

export const pg: Client = {
  name: 'pg, a pool',
  package: 'pg',
  server: 'PostgreSQL',
  serve: async (open) => (await postgres(open)).port,
  async session({ networks$, host, port }) {
    const pool = new Pool({
      host,
      port,
      user: 'postgres',
      database: 'postgres',
      max: 2,
      connectionTimeoutMillis: CLIENT_TIMEOUT,
      stream: () => new ModemSocket(networks$),
    });
    pool.on('error', () => {});
    const end = () => pool.end();
    return {
      async roundTrip(bytes) {
        const halves = [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];
        const back = await Promise.all(halves.map((half) => pool.query('select $1::bytea as bytes', [half])));
        return Buffer.concat(back.map(({ rows }) => rows[0].bytes));
      },
      close: end,
      abort: () => void end().catch(() => {}),
    };
  },
};

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { MqttClient } from 'mqtt';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';
import type { Certificates } from '../test/certificates.js';
import { httpPeer, httpsPeer, mqttPeer, redisPeer, webSocketPeer } from './peers.js';
import type { Workload } from './virtual-clients.js';

const WHERE = { host: '10.3.0.1', port: 80 };

async function answered(sent: http.ClientRequest): Promise<void> {
  const [response] = await once(sent, 'response');
  await buffer(response);
}

function httpWorkload(
  name: string,
  times: number,
  send: (agent: http.Agent) => http.ClientRequest,
): Workload {
  return {
    name: `http: ${name}`,
    times,
    serve: httpPeer(),
    client: async (connect) => {
      const agent = connect.httpAgent();
      return () => answered(send(agent));
    },
  };
}

function httpsWorkload(name: string, { ca, server }: Certificates, resumed: boolean): Workload {
  return {
    name: `https: ${name}`,
    times: 5,
    connects: true,
    serve: httpsPeer(server),
    client: async (connect) => {
      const make = () => connect.httpsAgent({ ca, keepAlive: false });
      const kept = make();
      return () => {
        const agent = resumed ? kept : make();
        return answered(https.get({ ...WHERE, agent, servername: 'server.example' }));
      };
    },
  };
}

const MESSAGE = Buffer.alloc(100, 'message ');

/** What is measured. */
export function workloads(certificates: Certificates): Workload[] {
  return [
    httpWorkload('GET, connection kept', 20, (agent) => http.get({ ...WHERE, agent })),
    httpWorkload('POST in three writes, connection kept', 20, (agent) => {
      const sent = http.request({ ...WHERE, agent, method: 'POST' });
      for (const part of ['one', 'two']) sent.write(part);
      return sent.end('three');
    }),
    httpWorkload('GET of 64 KiB, connection kept', 3, (agent) =>
      http.get({ ...WHERE, agent, path: '/large' }),
    ),
    {
      name: 'http: GET, a connection for each',
      times: 10,
      // The server ends first: what is left in the module is asked for once more.
      goals: { bytes: 1.15, turnarounds: 1.25, time: 1.2 },
      connects: true,
      serve: httpPeer(),
      client: async (createConnection) => () => answered(http.get({ ...WHERE, createConnection })),
    },
    httpsWorkload('GET, full handshake', certificates, false),
    httpsWorkload('GET, session resumed', certificates, true),
    {
      name: 'undici: GET, connection kept',
      times: 20,
      serve: httpPeer(),
      client: async (connect) => {
        const dispatcher = new Agent({ connect: connect.undici(), connections: 1 });
        return async () => {
          const { body } = await request(`http://${WHERE.host}/`, { dispatcher });
          await body.arrayBuffer();
        };
      },
    },
    {
      name: 'ws: 100 bytes and their echo',
      times: 20,
      serve: webSocketPeer(),
      client: async (createConnection) => {
        const socket = new WebSocket(`ws://${WHERE.host}/`, { createConnection, perMessageDeflate: false });
        await once(socket, 'open');
        return async () => {
          const echo = once(socket, 'message');
          socket.send(MESSAGE);
          await echo;
        };
      },
    },
    {
      name: 'mqtt.js: publish of 100 bytes at QoS 1',
      times: 20,
      serve: mqttPeer,
      client: async (connect) => {
        const client = new MqttClient(connect.mqtt(WHERE), { clientId: 'device', reconnectPeriod: 0 });
        await new Promise<void>((resolve) => client.once('connect', () => resolve()));
        return () => client.publishAsync('meter/1', MESSAGE, { qos: 1 });
      },
    },
    {
      name: 'mqtt.js: connect, publish, end',
      times: 5,
      // It waits for 10 ms of real time before it says goodbye: that is a send of its own, and virtual time goes on. The
      // peer ends the connection, which is no proof: one question more, of 150 bytes with its answer (`AT+CIPOPEN?`).
      goals: { bytes: 1.35 + 0.42, turnarounds: 1.5 + 0.24, time: undefined },
      connects: true,
      serve: mqttPeer,
      client: async (connect) => async () => {
        const client = new MqttClient(connect.mqtt(WHERE), { clientId: 'device' });
        await client.publishAsync('meter/1', MESSAGE);
        await client.endAsync();
      },
    },
    redisWorkload('SET of 100 bytes', 20, (redis) => redis.set('key', MESSAGE)),
    redisWorkload('a pipeline of 100 SETs', 3, (redis) => {
      const pipeline = redis.pipeline();
      for (let index = 0; index < 100; index++) pipeline.set(`key:${index}`, index);
      return pipeline.exec();
    }),
  ];
}

function redisWorkload(name: string, times: number, work: (redis: Redis) => Promise<unknown>): Workload {
  return {
    name: `ioredis: ${name}`,
    times,
    // The server answers the first block while the second one is on its way.
    goals: { turnarounds: 1.5 },
    serve: redisPeer,
    client: async (connect) => {
      const redis = new Redis({
        ...WHERE,
        Connector: connect.ioredis,
        enableReadyCheck: false,
        disableClientInfo: true,
        protocol: 2,
        retryStrategy: () => null,
      });
      await once(redis, 'ready');
      return () => work(redis);
    },
  };
}

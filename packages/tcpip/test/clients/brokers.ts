import * as natsClient from '@nats-io/transport-node';
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';
import { MqttClient } from 'mqtt';
import { mosquitto, natsServer } from '../programs.js';
import type { Client } from './client.js';

export const mqtt: Client = {
  name: 'mqtt.js',
  package: 'mqtt',
  server: 'mosquitto',
  serve: async (open) => (await mosquitto(open)).port,
  async session({ connect, host, port }) {
    const client = new MqttClient(connect.mqtt({ host, port }), { reconnectPeriod: 0 });
    const broken = new Promise<never>((_, reject) => {
      client.once('close', () => reject(new Error('The connection was closed.')));
    });
    broken.catch(() => {});
    client.on('error', () => {});
    const topic = `topic/${Math.random()}`;
    await Promise.race([client.subscribeAsync(topic), broken]);
    return {
      async roundTrip(bytes) {
        const back = new Promise<Buffer>((resolve) =>
          client.once('message', (_, message) => resolve(message)),
        );
        client.publish(topic, bytes);
        return Promise.race([back, broken]);
      },
      close: () => client.endAsync(),
      abort: () => client.end(true),
    };
  },
};

/** Size of what is published at a time; the server refuses more than a mebibyte. */
const PART = 1 << 16;

export const nats: Client = {
  name: 'nats.js',
  package: '@nats-io/transport-node',
  server: 'nats-server',
  serve: async (open) => (await natsServer(open)).port,
  async session({ connect, host, port }) {
    // It has no option for it: its transport is told how to dial.
    NodeTransport.prototype.dial = ({ hostname, port }) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: hostname, port });
        socket.once('error', reject).once('connect', () => resolve(socket.removeAllListeners()));
      });
    const connection = await natsClient.connect({ servers: `${host}:${port}`, reconnect: false });
    const closed = connection.closed().then(() => {
      throw new Error('The connection was closed.');
    });
    closed.catch(() => {});
    return {
      async roundTrip(bytes) {
        const subject = `subject.${Math.random()}`;
        const received: Uint8Array[] = [];
        const whole = new Promise<Buffer>((resolve) => {
          let left = bytes.length;
          connection.subscribe(subject, {
            callback: (_, { data }) => {
              received.push(data);
              left -= data.length;
              if (left === 0) resolve(Buffer.concat(received));
            },
          });
        });
        for (let at = 0; at < bytes.length; at += PART)
          connection.publish(subject, bytes.subarray(at, at + PART));
        return Promise.race([whole, closed]);
      },
      close: () => connection.close(),
      abort: () => void connection.close(),
    };
  },
};

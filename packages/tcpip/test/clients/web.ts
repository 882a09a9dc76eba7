import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { buffer } from 'node:stream/consumers';
import type { Subscription } from 'rxjs';
import { Agent, fetch } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { listening } from '../online.js';
import { nghttpd } from '../programs.js';
import type { Client } from './client.js';

/** Sends every body back. */
async function echo(open: Subscription): Promise<number> {
  const server = http.createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    response.end(body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('error', () => {}).on('message', (data) => socket.send(data)),
  );
  open.add(() => {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
  });
  return listening(server);
}

export const nodeHttp: Client = {
  name: 'node:http, an agent',
  server: 'node:http',
  serve: echo,
  async session({ connect, host, port }) {
    const agent = connect.httpAgent();
    return {
      async roundTrip(bytes) {
        const request = http.request({ host, port, agent, method: 'POST' }).end(bytes);
        const [response] = await once(request, 'response');
        return buffer(response);
      },
      close: () => agent.destroy(),
      abort: () => agent.destroy(),
    };
  },
};

export const undici: Client = {
  name: 'undici, fetch',
  package: 'undici',
  server: 'node:http',
  serve: echo,
  async session({ connect, host, port }) {
    const dispatcher = new Agent(connect.undici());
    return {
      async roundTrip(body) {
        const response = await fetch(`http://${host}:${port}/`, { dispatcher, method: 'POST', body });
        return Buffer.from(await response.arrayBuffer());
      },
      close: () => dispatcher.close(),
      abort: () => dispatcher.destroy(),
    };
  },
};

export const ws: Client = {
  name: 'ws',
  package: 'ws',
  server: 'ws',
  serve: echo,
  async session({ connect, host, port }) {
    const socket = new WebSocket(`ws://${host}:${port}/`, { createConnection: connect });
    const closed = once(socket, 'close').then(() => {
      throw new Error('The connection was closed.');
    });
    closed.catch(() => {});
    await Promise.race([once(socket, 'open'), closed]);
    return {
      async roundTrip(bytes) {
        const back = once(socket, 'message');
        socket.send(bytes);
        const [message] = await Promise.race([back, closed]);
        return message;
      },
      close: () => socket.close(),
      abort: () => socket.terminate(),
    };
  },
};

export const http2Client: Client = {
  name: 'node:http2',
  server: 'nghttpd',
  serve: async (open) => (await nghttpd(open)).port,
  async session({ connect, host, port }) {
    const session = http2.connect(`http://${host}:${port}`, { createConnection: connect });
    const failed = new Promise<never>((_, reject) => {
      session.on('error', reject);
      session.on('close', () => reject(new Error('The session was closed.')));
    });
    failed.catch(() => {});
    return {
      async roundTrip(bytes) {
        const stream = session.request({ ':path': '/', ':method': 'POST' });
        stream.end(bytes);
        return Promise.race([buffer(stream), failed]);
      },
      close: () => session.close(),
      abort: () => session.destroy(),
    };
  },
};

// Pages of Fastify for visitors who come over LTE: npm run example examples/recipes/fastify.ts
import http from 'node:http';
import { createServer } from '@a7600/tcpip/node';
import fastify from 'fastify';
import { example } from '../support/example.js';
import { localPort, visited } from '../support/local.js';

await example(localPort, async (networks$, { url }) => {
  const pages = http.createServer();
  const app = fastify({
    serverFactory: (handler) => pages.on('request', handler),
  });
  app.get('/', async () => ({ hello: 'from the modem' }));
  await app.ready();
  const server = createServer(networks$, pages).listen(Number(url.port || 80));
  await visited(server, url);
  server.close();
  await app.close(); // runs the hooks of its plugins
});

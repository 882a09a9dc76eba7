// Pages of Express for visitors who come over LTE: npm run example examples/recipes/express.ts
import http from 'node:http';
import { createServer } from '@a7600/tcpip/node';
import express from 'express';
import { example } from '../support/example.js';
import { localPort, visited } from '../support/local.js';

await example(localPort, async (networks$, { url }) => {
  const app = express();
  app.get('/', (_, response) => {
    response.json({ hello: 'from the modem' });
  });
  const server = createServer(networks$, http.createServer(app)).listen(Number(url.port || 80));
  await visited(server, url); // a program that goes on waits for SIGTERM here
  server.close(); // refuses visitors, and ends when the last one has left; example() then closes the modem
});

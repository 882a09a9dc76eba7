// An HTTP server on the modem: npm run example examples/server.ts -- --serial /dev/ttyUSB2 http://0.0.0.0:80
// It serves one visitor; with the emulated module it is that visitor itself.
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { createServer } from '@a7600/tcpip/node';
import { example } from './support/example.js';
import { localPort } from './support/local.js';

await example(localPort, async (networks$, { url }) => {
  const pages = http.createServer((_, response) => response.end('Hello from the modem.'));
  const server = createServer(networks$, pages).listen(Number(url.port || 80));
  await once(server, 'listening');
  console.log(`Listening on ${server.address()?.address}, port ${url.port}.`);
  if (url.hostname === '127.0.0.1') {
    const [response] = await once(http.get(url, { agent: false }), 'response');
    console.log(await text(response));
  } else {
    await once(pages, 'request');
  }
  server.close();
  await once(server, 'close');
});

// A POST over HTTPS: npm run example examples/https.ts -- --serial /dev/ttyUSB2 https://example.com/
import { once } from 'node:events';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { modemConnect } from '@a7600/tcpip/node';
import { example } from './support/example.js';
import { localHttps } from './support/local.js';

await example(localHttps, async (networks$, { url, ca }) => {
  const agent = modemConnect(networks$).httpsAgent({ ca });
  const request = https.request(url, { agent, method: 'POST' });
  request.end('{"temperature":21.5}');
  const [response] = await once(request, 'response');
  console.log(response.statusCode, await text(response));
  agent.destroy();
});

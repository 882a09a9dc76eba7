// A page over HTTP: npm run example examples/http.ts -- --serial /dev/ttyUSB2 http://example.com/
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { modemConnect } from '@a7600/tcpip/node';
import { example } from './support/example.js';
import { localHttp } from './support/local.js';

await example(localHttp, async (networks$, { url }) => {
  const agent = modemConnect(networks$).httpAgent();
  const [response] = await once(http.get(url, { agent }), 'response');
  console.log(response.statusCode, await text(response));
  agent.destroy();
});

// fetch, by undici: npm run example examples/fetch.ts -- --serial /dev/ttyUSB2 https://example.com/
import { modemConnect } from '@a7600/tcpip/node';
import { Agent, fetch } from 'undici';
import { example } from './support/example.js';
import { localHttps } from './support/local.js';

await example(localHttps, async (networks$, { url, ca }) => {
  const dispatcher = new Agent(modemConnect(networks$).undici({ ca }));
  const response = await fetch(url, { dispatcher });
  console.log(response.status, await response.text());
  await dispatcher.close();
});

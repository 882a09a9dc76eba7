// TLS by hand: npm run example examples/tls.ts -- --serial /dev/ttyUSB2 https://example.com/
import { once } from 'node:events';
import { modemConnect } from '@a7600/tcpip/node';
import { example } from './support/example.js';
import { localHttps } from './support/local.js';

await example(localHttps, async (networks$, { url, ca }) => {
  const socket = modemConnect(networks$).tls({ host: url.hostname, port: url.port || 443, ca });
  await once(socket, 'secureConnect');
  console.log(`${socket.getProtocol()} with ${socket.getPeerCertificate().subject.CN}`);
  socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
  for await (const bytes of socket) console.log(String(bytes));
});

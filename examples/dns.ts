// A datagram: npm run example examples/dns.ts -- --serial /dev/ttyUSB2 dns://9.9.9.9:53/example.com
import { once } from 'node:events';
import { createSocket } from '@a7600/tcpip/node';
import { example } from './support/example.js';
import { localDns } from './support/local.js';

/** A question for the address of a name (RFC 1035, 4.1). */
function question(name: string): Buffer {
  const labels = name.split('.').map((label) => String.fromCharCode(label.length) + label);
  return Buffer.from(`\x12\x34\x01\0\0\x01\0\0\0\0\0\0${labels.join('')}\0\0\x01\0\x01`, 'latin1');
}

await example(localDns, async (networks$, { url }) => {
  const name = url.pathname.slice(1);
  const socket = createSocket(networks$);
  socket.send(question(name), Number(url.port || 53), url.hostname);
  const [response] = await once(socket, 'message');
  // The last four bytes are the address, where the last record is one.
  console.log(`${name} is at ${[...response.subarray(-4)].join('.')}`);
  socket.close();
});

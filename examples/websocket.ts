// A web socket: npm run example examples/websocket.ts -- --serial /dev/ttyUSB2 wss://echo.example.com/
import { once } from 'node:events';
import { modemConnect } from '@a7600/tcpip/node';
import { WebSocket } from 'ws';
import { example } from './support/example.js';
import { localWebSocket } from './support/local.js';

await example(localWebSocket, async (networks$, { url }) => {
  const connect = modemConnect(networks$);
  const createConnection = url.protocol === 'wss:' ? connect.tls : connect;
  const socket = new WebSocket(url, { createConnection });
  await once(socket, 'open');
  socket.send('hello');
  const [message] = await once(socket, 'message');
  console.log(`It said: ${message}`);
  socket.close();
  await once(socket, 'close');
});

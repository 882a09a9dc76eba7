import http, { type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { Certificate } from '../test/certificates.js';

/** Servers for the benchmark, on streams instead of ports. */

const SMALL = 'x'.repeat(100);
const LARGE = Buffer.alloc(65_536, 'large ');

const answer: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.end(request.url === '/large' ? LARGE : SMALL));
};

export function httpPeer(): (stream: Duplex) => void {
  const server = http.createServer(answer);
  // A stream has no timeout to set.
  server.keepAliveTimeout = 0;
  return (stream) => void server.emit('connection', stream);
}

export function httpsPeer(certificate: Certificate): (stream: Duplex) => void {
  const serve = httpPeer();
  // One for all connections, so that it knows its tickets again.
  const secureContext = createSecureContext({ ...certificate, maxVersion: 'TLSv1.2' });
  return (stream) => serve(new TLSSocket(stream, { isServer: true, secureContext }));
}

export function webSocketPeer(): (stream: Duplex) => void {
  const server = http.createServer();
  server.keepAliveTimeout = 0;
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  return (stream) => void server.emit('connection', stream);
}

/** The least of a broker: CONNACK, PUBACK, and the end of the connection at DISCONNECT. */
export function mqttPeer(stream: Duplex): void {
  let rest = Buffer.alloc(0);
  stream.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    // Remaining lengths of one byte are all that the benchmark has.
    for (let size = 2 + (rest[1] ?? 0); rest.length >= 2 && rest.length >= size; size = 2 + (rest[1] ?? 0)) {
      const packet = rest.subarray(0, size);
      rest = rest.subarray(size);
      const [type = 0] = packet;
      if (type >> 4 === 1) stream.write(Buffer.from([0x20, 2, 0, 0]));
      if (type >> 4 === 14) stream.end();
      if (type >> 4 === 3 && (type & 6) === 2) {
        const id = 4 + packet.readUInt16BE(2);
        stream.write(Buffer.from([0x40, 2, ...packet.subarray(id, id + 2)]));
      }
    }
  });
}

/** The least of a Redis server: `OK` to every command. */
export function redisPeer(stream: Duplex): void {
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    let answers = '';
    let at = 0;
    for (;;) {
      const count = 1 + 2 * Number(lines[at]?.slice(1));
      if (!(at + count < lines.length)) break;
      answers += '+OK\r\n';
      at += count;
    }
    rest = lines.slice(at).join('\r\n');
    if (answers !== '') stream.write(answers);
  });
}

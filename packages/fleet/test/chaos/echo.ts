import { createServer } from 'node:net';
import type { Subscription } from 'rxjs';
import { listening } from '../../../tcpip/test/online.js';
import type { Findings } from './findings.js';

/** Time in ms after which a connection without a byte belongs to no stream any more: a stream ends after 15 s of silence. */
const IDLE = 60_000;

/** Starts a peer that sends everything back, until `open` ends; finds connections that no stream has any more. */
export async function echoServer(open: Subscription, findings: Findings): Promise<{ readonly port: number }> {
  const server = createServer((socket) => {
    findings.count('connections of the peer');
    socket.setTimeout(IDLE, () => findings.once('a connection at the peer has outlived its stream'));
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  const port = await listening(server);
  open.add(() => void server.close());
  return { port };
}

import { createConnection, createServer, type Socket } from 'node:net';
import type { Subscription } from 'rxjs';
import { listening } from '../online.js';

/** Stands between the module and a server, and can hang up in the server's place. */
export interface Relay {
  readonly port: number;
  /** Breaks all connections. */
  hangUp(): void;
}

export async function relay(open: Subscription, to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = createConnection({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const port = await listening(server);
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  open.add(() => {
    server.close();
    hangUp();
  });
  return { port, hangUp };
}

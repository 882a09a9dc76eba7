import type { Duplex } from 'node:stream';
import type { Network } from '@a7600/tcpip';
import { toDuplex } from '@a7600/transport/node';
import { type DialOptions, dial } from '../tunnel/dial.js';

/**
 * Does some work on a connection, and closes it.
 *
 * @param network opened for transparent mode if `isTransparent`
 * @param to where to connect
 * @param isTransparent whether the line itself becomes the connection
 * @param work what uses it
 * @returns what the work returns
 */
export async function onConnection<T>(
  network: Network,
  to: DialOptions,
  isTransparent: boolean,
  work: (socket: Duplex) => Promise<T>,
): Promise<T> {
  const socket = isTransparent ? await transparent(network, to) : await dial(network, to);
  socket.on('error', () => {});
  try {
    return await work(socket);
  } finally {
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      if (socket.closed) resolve();
      socket.destroy();
    });
  }
}

function transparent(network: Network, { host, port, signal }: DialOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const session = network.transparent({ host, port }).subscribe({
      next(link) {
        const stream = toDuplex(link);
        stream.once('close', () => session.unsubscribe());
        resolve(stream);
      },
      error: reject,
    });
    signal?.addEventListener('abort', () => {
      session.unsubscribe();
      reject(signal.reason);
    });
  });
}

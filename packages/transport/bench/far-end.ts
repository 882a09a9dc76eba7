import { createServer, type Socket } from 'node:net';
import { openPty } from '@a7600/testing/node';
import type { ByteLink } from '../src/index.js';
import { fromDuplex } from '../src/node/index.js';

/** What the far end is asked to do: send so many bytes in pieces, or say when so many have come. */
export type Order = { readonly send: number; readonly piece: number } | { readonly count: number };

/**
 * The far end of a measured link, in a process of its own so that its time is not counted: behind
 * a pseudo-terminal or a TCP port.
 */
function serve(link: ByteLink): void {
  let expected = 0;
  link.received$.subscribe({
    next(bytes) {
      expected -= bytes.length;
      if (expected === 0) process.send?.('counted');
    },
    error: () => {},
  });
  const send = (left: number, piece: Uint8Array) => {
    if (left <= 0) return;
    link
      .write(piece.subarray(0, left))
      .subscribe({ complete: () => send(left - piece.length, piece), error: () => {} });
  };
  process.removeAllListeners('message');
  process.on('message', (order: Order) => {
    if ('count' in order) expected = order.count;
    else send(order.send, new Uint8Array(order.piece).fill(0x55));
    process.send?.('ready');
  });
}

if (process.argv[2] === 'pty') {
  openPty().subscribe((pty) => {
    serve(pty);
    process.send?.(pty.path);
  });
} else {
  const accept = (socket: Socket) => {
    serve(fromDuplex(socket.setNoDelay(true)));
    process.send?.('accepted');
  };
  const server = createServer({ pauseOnConnect: true }, accept).listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.(String(address?.port));
  });
}
process.on('disconnect', () => process.exit());

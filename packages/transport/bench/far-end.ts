import { createServer, type Socket } from 'node:net';
import { openPty } from '@a7600/testing/node';
import { Observable } from 'rxjs';
import type { ByteLink } from '../src/index.js';
import { fromDuplex } from '../src/node/index.js';
import { ANSWER } from '../src/tcp/com-port.js';
import { DO, negotiation, subnegotiation, TelnetParser, WILL } from '../src/tcp/telnet.js';

/** What the far end is asked to do: send so many bytes in chunks, or say when so many have come. */
export type Order = { readonly send: number; readonly chunk: number } | { readonly count: number };

/**
 * The far end of a measured link, in a process of its own so that its time is not counted: after
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
  const send = (left: number, chunk: Uint8Array) => {
    if (left <= 0) return;
    link
      .write(chunk.subarray(0, left))
      .subscribe({ complete: () => send(left - chunk.length, chunk), error: () => {} });
  };
  process.removeAllListeners('message');
  process.on('message', (order: Order) => {
    if ('count' in order) expected = order.count;
    else send(order.send, new Uint8Array(order.chunk).fill(0x55));
    process.send?.('ready');
  });
}

/** An RFC 2217 server that agrees to everything. What it does is not counted. */
function comPortServer(link: ByteLink): ByteLink {
  const answer = (bytes: Uint8Array) => link.write(bytes).subscribe({ error: () => {} });
  const received$ = new Observable<Uint8Array>((subscriber) => {
    const parser = new TelnetParser({
      data: (bytes) => subscriber.next(bytes),
      negotiation: (verb, option) => {
        if (verb === WILL) answer(negotiation(DO, option));
        if (verb === DO) answer(negotiation(WILL, option));
      },
      subnegotiation: (option, [command = 0, ...value]) =>
        answer(subnegotiation(option, Uint8Array.of(command + ANSWER, ...value))),
    });
    return link.received$.subscribe((chunk) => parser.push(chunk));
  });
  return { ...link, received$ };
}

if (process.argv[2] === 'pty') {
  openPty().subscribe((pty) => {
    serve(pty);
    process.send?.(pty.path);
  });
} else {
  const kind = process.argv[2];
  const accept = (socket: Socket) => {
    const link = fromDuplex(socket.setNoDelay(true));
    serve(kind === 'rfc2217' ? comPortServer(link) : link);
    process.send?.('accepted');
  };
  const server = createServer({ pauseOnConnect: true }, accept).listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.(String(address?.port));
  });
}
process.on('disconnect', () => process.exit());

import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The first word of a request, so that another protocol is not taken for one. */
export const GREETING = 'a7600-speed/1';
/** Bytes that one connection may ask for. */
export const MOST = 50_000_000;
/** Connections at a time. */
const CLIENTS = 4;
/** Time in ms of silence after which a client is dropped. */
const IDLE = 60_000;
/** The longest request, in bytes. */
const LONGEST = 200;

/**
 * The other end of `a7600 speed`. A client sends one line, `a7600-speed/1 KIND BYTES`: `down` is answered with so many
 * bytes, after `up` it sends so many and gets a line, `echo` sends each further line back.
 *
 * @returns a server that does not listen yet
 */
export function speedServer(): Server {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.setTimeout(IDLE, () => client.destroy());
    client.setNoDelay(true);
    serve(client);
  });
  server.maxConnections = CLIENTS;
  return server;
}

function serve(client: Socket): void {
  let held = Buffer.alloc(0);
  const onData = (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    const end = held.indexOf('\n');
    if (end < 0 && held.length < LONGEST) return;
    client.off('data', onData);
    const [, kind, size] =
      /^a7600-speed\/1 (down|up|echo) (\d{1,9})$/.exec(held.toString('latin1', 0, end)) ?? [];
    const wanted = Number(size);
    const rest = held.subarray(end + 1);
    if (kind === 'down' && wanted <= MOST) send(client, wanted);
    else if (kind === 'up' && wanted <= MOST) take(client, wanted - rest.length);
    else if (kind === 'echo') echo(client, rest);
    else client.destroy();
  };
  client.on('data', onData);
}

function send(client: Socket, size: number): void {
  const block = Buffer.alloc(16_384, 'a7600-speed ');
  let left = size;
  const more = () => {
    while (left > 0) {
      const bytes = block.subarray(0, Math.min(left, block.length));
      left -= bytes.length;
      if (!client.write(bytes)) {
        client.once('drain', more);
        return;
      }
    }
    client.end();
  };
  more();
}

function take(client: Socket, size: number): void {
  let left = size;
  const finish = () => left <= 0 && client.end('done\n');
  client.on('data', ({ length }) => {
    left -= length;
    finish();
  });
  finish();
}

function echo(client: Socket, rest: Buffer): void {
  client.unshift(rest);
  createInterface({ input: client }).on('line', (line) => client.write(`${line.slice(0, LONGEST)}\n`));
}

import { once } from 'node:events';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { onlineForAll, serving } from '../../test/online.js';
import { ModemSocket } from './socket.js';

const modem = onlineForAll();

/** The events that Node documents for `net.Socket`, and those of its streams. */
const DOCUMENTED = new Set(
  'close connect connectionAttempt connectionAttemptFailed connectionAttemptTimeout data drain end error lookup ready timeout finish pipe unpipe'.split(
    ' ',
  ),
);

/** Names and arguments of everything that a socket emits, without the bytes; equal events in a row are one. */
function emitted(socket: Socket): unknown[] {
  const seen: unknown[] = [];
  const { emit } = socket;
  socket.emit = (name: string, ...args: unknown[]) => {
    const said = args.map((arg) => (arg instanceof Error ? (arg as NodeJS.ErrnoException).code : arg));
    const event = ['data', 'pipe', 'unpipe'].includes(name) ? name : [name, ...said].join(' ');
    if (DOCUMENTED.has(name) && seen.at(-1) !== event) seen.push(event);
    return Reflect.apply(emit, socket, [name, ...args]);
  };
  return seen;
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** Something that is done with a socket, until it has closed. */
type Play = (socket: Socket) => Promise<unknown>;

const PLAYS: readonly (readonly [string, Play])[] = [
  [
    'the peer says something and ends',
    async (socket) => {
      const { port } = await serving(modem.open, (peer) => peer.end('hello'));
      socket.connect(port, '127.0.0.1').resume();
      await closed(socket);
    },
  ],
  [
    'a name is looked up',
    async (socket) => {
      const { port } = await serving(modem.open, (peer) => peer.end());
      const lookup = (_name: string, _options: object, found: (...args: [null, string, number]) => void) =>
        found(null, '127.0.0.1', 4);
      socket.connect({ port, host: 'peer.example', family: 4, lookup }).resume();
      await closed(socket);
    },
  ],
  [
    'the connection is refused',
    async (socket) => {
      socket.on('error', () => {}).connect(await freePort(), '127.0.0.1');
      await closed(socket);
    },
  ],
  [
    'both end',
    async (socket) => {
      const { port } = await serving(modem.open, (peer) => peer.once('data', () => peer.end()));
      // The end is waited for only if the program wants to know.
      socket.on('end', () => {});
      socket.connect(port, '127.0.0.1').resume().end('goodbye');
      await closed(socket);
    },
  ],
  [
    'it is destroyed',
    async (socket) => {
      const { port } = await serving(modem.open, () => {});
      await once(socket.connect(port, '127.0.0.1'), 'connect');
      socket.destroy();
      await closed(socket);
    },
  ],
  [
    'it is destroyed with an error',
    async (socket) => {
      const { port } = await serving(modem.open, () => {});
      await once(socket.connect(port, '127.0.0.1'), 'connect');
      socket.on('error', () => {}).destroy(Object.assign(new Error('no'), { code: 'MINE' }));
      await closed(socket);
    },
  ],
  [
    'much is written, and drains',
    async (socket) => {
      const { port } = await serving(modem.open, (peer) => peer.resume());
      await once(socket.connect(port, '127.0.0.1'), 'connect');
      // A kernel takes some megabytes before it does not take more.
      while (socket.write(Buffer.alloc(1 << 17)));
      await once(socket, 'drain');
      socket.destroy();
      await closed(socket);
    },
  ],
  [
    'it is idle',
    async (socket) => {
      const { port } = await serving(modem.open, () => {});
      await once(socket.connect(port, '127.0.0.1'), 'connect');
      await once(socket.setTimeout(30), 'timeout');
      socket.destroy();
      await closed(socket);
    },
  ],
];

describe('a ModemSocket emits what a net.Socket emits when', () => {
  test.each(PLAYS)('%s', async (_, play) => {
    const sockets = [new Socket(), new ModemSocket(modem.net)];
    const [theirs, ours] = sockets.map(emitted);
    for (const socket of sockets) await play(socket);
    const withoutPorts = (seen: unknown[] | undefined) =>
      seen?.map((event) => String(event).replace(/ \d{4,5}\b/, ' PORT'));
    expect(withoutPorts(ours)).toEqual(withoutPorts(theirs));
  });
});

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';
import { linkPair } from '../src/index.js';
import { toDuplex } from '../src/node/index.js';
import { serial } from '../src/serialport/index.js';
import { rfc2217, tcp } from '../src/tcp/index.js';
import { fromWebStreams, type WebStreams } from '../src/web/index.js';
import { type WebSerialPortLike, webSerial } from '../src/web-serial/index.js';
import { Child, type FarEnd, farEndOf } from './far.js';
import { type Line, linkOf, ofLink, ofStream, ofWebStreams, opened } from './line.js';

const MIB = 1024 * 1024;

export type Way = 'in' | 'out';

/** Both sides of one comparison: how to open each, and its far end. */
export interface Contest {
  readonly name: string;
  /** Bytes of one round. The kernel moves each round at another speed, so many short ones tell more than a few long ones. */
  readonly bytes: number;
  /** Time in ms after which no further round of a turn begins: longer for what differs more from round to round. */
  readonly turn: (way: Way) => number;
  readonly ways: readonly Way[];
  /** Whether it wraps nothing, so that there is nothing to be as fast as. */
  readonly noGoal?: boolean | undefined;
  /** Opens one of the two lines and its far end. */
  open(ours: boolean): Promise<{ line: Line; far: FarEnd }>;
}

const terminal = new Child('pty');
const server = new Child('tcp');
const comPort = new Child('rfc2217');

const serialPort: Contest = {
  name: 'serial port (serialport 13 on a pty)',
  bytes: 4 * MIB,
  turn: (way) => (way === 'in' ? 1_000 : 3_000),
  ways: ['in', 'out'],
  async open(ours) {
    const far = terminal;
    const path = await far.address;
    if (ours) return { far, line: await opened(serial({ path })) };
    const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    return { far, line: ofStream(port, () => new Promise((resolve) => port.close(resolve))) };
  },
};

/** A link over a connection to a far end against the bare thing over such a connection. */
function overSocket(
  name: string,
  far: Child,
  open: (where: Where) => Promise<Line>,
  openBare: (where: Where) => Promise<Line> = bareSocket,
): Contest {
  return {
    name,
    bytes: 16 * MIB,
    turn: () => 800,
    ways: ['in', 'out'],
    async open(ours) {
      const where = { host: '127.0.0.1', port: Number(await far.address) };
      return { far, line: await far.connected(() => (ours ? open(where) : openBare(where))) };
    },
  };
}

interface Where {
  readonly host: string;
  readonly port: number;
}

async function connected(where: Where): Promise<Socket> {
  const socket = createConnection({ ...where, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function bareSocket(where: Where): Promise<Line> {
  const socket = await connected(where);
  return ofStream(socket, async () => socket.destroy());
}

/** A socket whose user looks for the byte that such a server doubles, or wants doubled. There is none in the benchmark. */
async function bareTelnet(where: Where): Promise<Line> {
  const line = await bareSocket(where);
  const checked = (bytes: Uint8Array) => {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0xff))
      throw new Error('It has one.');
  };
  return {
    ...line,
    write: (bytes, accepted) => {
      checked(bytes);
      line.write(bytes, accepted);
    },
  };
}

/** The web streams of a socket, and how to get rid of it. */
async function webStreams(where: Where): Promise<[WebStreams, () => void]> {
  const socket = await connected(where);
  return [Duplex.toWeb(socket), () => socket.destroy()];
}

async function bareWebStreams(where: Where): Promise<Line> {
  return ofWebStreams(...(await webStreams(where)));
}

/** Two Node streams, each the other's far end, as plain as they come. */
function duplexPair(): [Duplex, Duplex] {
  const ends: [Duplex, Duplex] = [end(1), end(0)];
  const waiting: (() => void)[] = [() => {}, () => {}];
  function end(other: 0 | 1): Duplex {
    return new Duplex({
      read: () => {
        const go = waiting[1 - other] as () => void;
        waiting[1 - other] = () => {};
        go();
      },
      write: (chunk, _, callback) => {
        if (ends[other].push(chunk)) callback();
        else waiting[other] = callback;
      },
    });
  }
  return ends;
}

/** A port of the Web Serial API with such streams. */
function webPort(streams: WebStreams): WebSerialPortLike {
  const none = async () => {};
  return {
    ...streams,
    open: none,
    close: none,
    setSignals: none,
    getSignals: async () => ({
      clearToSend: true,
      dataSetReady: true,
      dataCarrierDetect: true,
      ringIndicator: false,
    }),
    addEventListener() {},
    removeEventListener() {},
  };
}

const pairInMemory: Contest = {
  name: 'pair in memory (bare Duplex pair)',
  noGoal: true,
  bytes: 64 * MIB,
  turn: () => 300,
  ways: ['out'],
  async open(ours) {
    if (ours) {
      const [near, far] = linkPair();
      return { line: ofLink(near, () => {}), far: farEndOf(ofLink(far, () => {})) };
    }
    const [near, far] = duplexPair();
    return { line: ofStream(near, async () => {}), far: farEndOf(ofStream(far, async () => {})) };
  },
};

export const contests: readonly Contest[] = [
  serialPort,
  overSocket('TCP (net.Socket)', server, (where) => opened(tcp(where))),
  overSocket('RFC 2217 (net.Socket)', comPort, (where) => opened(rfc2217(where)), bareTelnet),
  overSocket('Node stream over a TCP link (net.Socket)', server, async (where) => {
    const [link, unsubscribe] = await linkOf(tcp(where));
    return ofStream(toDuplex(link), async () => unsubscribe());
  }),
  overSocket(
    'Web streams (those of a net.Socket)',
    server,
    async (where) => {
      const [streams, destroy] = await webStreams(where);
      return { ...ofLink(fromWebStreams(streams), () => {}), close: async () => destroy() };
    },
    bareWebStreams,
  ),
  overSocket(
    'Web Serial (a port with those streams)',
    server,
    async (where) => {
      const [streams, destroy] = await webStreams(where);
      return { ...(await opened(webSerial(webPort(streams)))), close: async () => destroy() };
    },
    bareWebStreams,
  ),
  pairInMemory,
];

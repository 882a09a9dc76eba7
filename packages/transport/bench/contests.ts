import { once } from 'node:events';
import { createConnection } from 'node:net';
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

/** Both sides of one comparison: how to open each, and its far end. */
export interface Contest {
  readonly name: string;
  /** Bytes of one round; more of them in large chunks, so that every round takes long enough. */
  readonly bytes: (chunk: number) => number;
  readonly ways: readonly ('in' | 'out')[];
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
  bytes: () => 8 * MIB,
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

/** A link over a connection against the bare socket. */
function overSocket(name: string, far: Child, open: (where: Where) => Promise<Line>): Contest {
  return {
    name: `${name} (net.Socket)`,
    bytes: (chunk) => (chunk < 4_096 ? 32 * MIB : chunk < 65_536 ? 128 * MIB : 512 * MIB),
    ways: ['in', 'out'],
    async open(ours) {
      const where = { host: '127.0.0.1', port: Number(await far.address) };
      if (ours) return { far, line: await far.connected(() => open(where)) };
      const socket = createConnection({ ...where, noDelay: true });
      await far.connected(() => once(socket, 'connect'));
      return { far, line: ofStream(socket, async () => socket.destroy()) };
    },
  };
}

interface Where {
  readonly host: string;
  readonly port: number;
}

/** Two lines in memory, each the other's far end. */
function inMemory(
  { name, ways, noGoal }: Pick<Contest, 'name' | 'ways' | 'noGoal'>,
  pair: (ours: boolean) => readonly [Line | Promise<Line>, Line],
): Contest {
  return {
    name,
    ways,
    noGoal,
    bytes: (chunk) => 32_768 * chunk,
    async open(ours) {
      const [line, far] = pair(ours);
      return { line: await line, far: farEndOf(far) };
    },
  };
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

/** Web streams, each the other's far end. */
function webStreamPair(): [WebStreams, WebStreams] {
  const [there, back] = [
    new TransformStream<Uint8Array, Uint8Array>(),
    new TransformStream<Uint8Array, Uint8Array>(),
  ];
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
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

const both = ['in', 'out'] as const;
const none = async () => {};

export const contests: readonly Contest[] = [
  serialPort,
  overSocket('TCP', server, (where) => opened(tcp(where))),
  overSocket('RFC 2217', comPort, (where) => opened(rfc2217(where))),
  overSocket('Node stream over a TCP link', server, async (where) => {
    const [link, unsubscribe] = await linkOf(tcp(where));
    return ofStream(toDuplex(link), async () => unsubscribe());
  }),
  inMemory({ name: 'Web streams (bare TransformStream pair)', ways: both }, (ours) => {
    const [near, far] = webStreamPair();
    return [ours ? ofLink(fromWebStreams(near), () => {}) : ofWebStreams(near), ofWebStreams(far)];
  }),
  inMemory({ name: "Web Serial (its port's streams)", ways: both }, (ours) => {
    const [near, far] = webStreamPair();
    return [ours ? opened(webSerial(webPort(near))) : ofWebStreams(near), ofWebStreams(far)];
  }),
  inMemory({ name: 'pair in memory (bare Duplex pair)', ways: ['out'], noGoal: true }, (ours) => {
    if (ours) {
      const [near, far] = linkPair();
      return [ofLink(near, () => {}), ofLink(far, () => {})];
    }
    const [near, far] = duplexPair();
    return [ofStream(near, none), ofStream(far, none)];
  }),
];

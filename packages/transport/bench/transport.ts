import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, type Observable } from 'rxjs';
import { SerialPort } from 'serialport';
import { median, type Row, report } from '../../../tools/bench.js';
import { type ByteLink, linkPair } from '../src/index.js';
import { toDuplex } from '../src/node/index.js';
import { serial } from '../src/serialport/index.js';
import { tcp } from '../src/tcp/index.js';
import type { Order } from './far-end.js';

/** An open link, seen by the measurement: ours or the bare thing. */
interface Line {
  write(bytes: Uint8Array, taken: () => void): void;
  onData(count: (bytes: number) => void): void;
  close(): Promise<unknown>;
}

/** Where bytes go to and come from. */
interface FarEnd {
  order(order: Order): Promise<void>;
  counted(): Promise<unknown>;
}

const CHUNKS = [512, 4_096, 65_536];
const { ONLY: only = '', ROUNDS: rounds = '11' } = process.env;
/** Rounds in front that are not counted: what runs for the first time is measured as it is compiled. */
const WARM_UP = 2;
const MIB = 1024 * 1024;
/** Bytes written and not yet taken: a few pieces. */
const OUTSTANDING = 262_144;

interface Measured {
  /** Bytes per second. */
  readonly rate: number;
  /** Seconds of this process per byte. */
  readonly cpu: number;
}

async function measure(
  line: Line,
  far: FarEnd,
  way: 'in' | 'out',
  bytes: number,
  chunk: number,
): Promise<Measured> {
  let received = 0;
  let finished = () => {};
  line.onData((count) => {
    received += count;
    if (received === bytes) finished();
  });
  if (way === 'out') await far.order({ count: bytes });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  if (way === 'in') {
    const all = new Promise<void>((resolve) => {
      finished = resolve;
    });
    await far.order({ send: bytes, piece: chunk });
    await all;
  } else {
    const counted = far.counted();
    await sendAll(line, bytes, chunk);
    await counted;
  }
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  return { rate: bytes / seconds, cpu: (used.user + used.system) / 1e6 / bytes };
}

function sendAll(line: Line, bytes: number, chunk: number): Promise<void> {
  const piece = new Uint8Array(chunk).fill(0x55);
  return new Promise((resolve) => {
    let written = 0;
    let taken = 0;
    let filling = false;
    const fill = () => {
      if (filling) return;
      filling = true;
      while (written < bytes && written - taken < OUTSTANDING) {
        written += chunk;
        line.write(piece, () => {
          taken += chunk;
          if (taken >= bytes) resolve();
          else fill();
        });
      }
      filling = false;
    };
    fill();
  });
}

class Child implements FarEnd {
  readonly process: ChildProcess;
  readonly address: Promise<string>;

  constructor(kind: 'pty' | 'tcp') {
    this.process = fork(fileURLToPath(new URL('far-end.ts', import.meta.url)), [kind]);
    this.address = once(this.process, 'message').then(([address]) => address as string);
  }

  async order(order: Order): Promise<void> {
    const ready = this.says('ready');
    this.process.send(order);
    await ready;
  }

  counted(): Promise<void> {
    return this.says('counted');
  }

  /** Connects, and waits until the far end has noticed: orders are for its newest connection. */
  async connected<T>(connect: () => Promise<T>): Promise<T> {
    const accepted = this.says('accepted');
    const connection = await connect();
    await accepted;
    return connection;
  }

  private says(word: string): Promise<void> {
    return new Promise((resolve) => {
      const heard = (message: unknown) => {
        if (message !== word) return;
        this.process.off('message', heard);
        resolve();
      };
      this.process.on('message', heard);
    });
  }
}

/** Both sides of one comparison: how to open each, and its far end. */
interface Contest {
  readonly name: string;
  /** Bytes of one round; more of them in large chunks, so that every round takes long enough. */
  readonly bytes: (chunk: number) => number;
  readonly ways: readonly ('in' | 'out')[];
  /** Opens one of the two lines and its far end. */
  open(ours: boolean): Promise<{ line: Line; far: FarEnd }>;
}

async function opened(transport: Observable<ByteLink>): Promise<Line> {
  return ofLink(...(await linkOf(transport)));
}

function linkOf(transport: Observable<ByteLink>): Promise<[ByteLink, () => void]> {
  return new Promise((resolve, reject) => {
    const subscription = transport.subscribe({
      next: (open) => resolve([open, () => subscription.unsubscribe()]),
      error: reject,
    });
  });
}

function ofLink(link: ByteLink, unsubscribe: () => void): Line {
  return {
    write: (bytes, taken) => link.write(bytes).subscribe({ complete: taken }),
    onData: (count) => link.received$.subscribe({ next: (bytes) => count(bytes.length), error: () => {} }),
    close: async () => {
      await lastValueFrom(link.close(), { defaultValue: undefined });
      unsubscribe();
    },
  };
}

function ofStream(stream: Duplex, close: () => Promise<unknown>): Line {
  return {
    write: (bytes, taken) => stream.write(bytes, taken),
    onData: (count) => stream.on('data', (chunk: Buffer) => count(chunk.length)),
    close,
  };
}

function overSocket(chunk: number): number {
  return chunk < 4_096 ? 32 * MIB : chunk < 65_536 ? 128 * MIB : 512 * MIB;
}

const terminal = new Child('pty');
const server = new Child('tcp');

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

const tcpConnection: Contest = {
  name: 'TCP (net.Socket)',
  bytes: overSocket,
  ways: ['in', 'out'],
  async open(ours) {
    const far = server;
    const where = { host: '127.0.0.1', port: Number(await far.address) };
    if (ours) return { far, line: await far.connected(() => opened(tcp(where))) };
    const socket = createConnection({ ...where, noDelay: true });
    await far.connected(() => once(socket, 'connect'));
    return { far, line: ofStream(socket, async () => socket.destroy()) };
  },
};

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

const nodeStream: Contest = {
  name: 'Node stream over a TCP link (net.Socket)',
  bytes: overSocket,
  ways: ['in', 'out'],
  async open(ours) {
    if (!ours) return tcpConnection.open(false);
    const where = { host: '127.0.0.1', port: Number(await server.address) };
    const [link, unsubscribe] = await server.connected(() => linkOf(tcp(where)));
    return { far: server, line: ofStream(toDuplex(link), async () => unsubscribe()) };
  },
};

const pairInMemory: Contest = {
  name: 'pair in memory (bare Duplex pair, no goal: it wraps nothing)',
  bytes: () => 128 * MIB,
  ways: ['out'],
  async open(ours) {
    const none = async () => {};
    const [near, far] = ours ? linkPair() : duplexPair();
    const line = near instanceof Duplex ? ofStream(near, none) : ofLink(near, () => {});
    let expected = 0;
    let counted = () => {};
    const count = (bytes: number) => {
      expected -= bytes;
      if (expected === 0) counted();
    };
    (far instanceof Duplex ? ofStream(far, none) : ofLink(far, () => {})).onData(count);
    return {
      line,
      far: {
        order: async (order) => {
          if ('count' in order) expected = order.count;
        },
        counted: () =>
          new Promise<void>((resolve) => {
            counted = resolve;
          }),
      },
    };
  },
};

async function oneRound(
  contest: Contest,
  ours: boolean,
  way: 'in' | 'out',
  chunk: number,
): Promise<Measured> {
  const { line, far } = await contest.open(ours);
  const measured = await measure(line, far, way, contest.bytes(chunk), chunk);
  await line.close();
  return measured;
}

/** Ours against the bare thing, in turns: who is measured first has no advantage in the end. */
async function compared(contest: Contest, way: 'in' | 'out', chunk: number) {
  const ratios: { rate: number; cpu: number; ours: number }[] = [];
  for (let round = -WARM_UP; round < Number(rounds); round++) {
    const first = await oneRound(contest, round % 2 === 0, way, chunk);
    const second = await oneRound(contest, round % 2 !== 0, way, chunk);
    const [ours, bare] = round % 2 === 0 ? [first, second] : [second, first];
    if (round >= 0) ratios.push({ rate: ours.rate / bare.rate, cpu: ours.cpu / bare.cpu, ours: ours.rate });
  }
  return ratios;
}

const contests = [serialPort, tcpConnection, nodeStream, pairInMemory];
const rows: Row[] = [];
for (const contest of contests) {
  if (!contest.name.includes(only)) continue;
  for (const way of contest.ways) {
    for (const chunk of CHUNKS) {
      const ratios = await compared(contest, way, chunk);
      const name = `${contest.name}, ${way}, ${chunk} B`;
      const [rate, cpu] = contest === pairInMemory ? [undefined, undefined] : [{ min: 0.9 }, { max: 1.2 }];
      rows.push(
        {
          name: `${name}: throughput to bare`,
          value: median(ratios.map(({ rate }) => rate)),
          unit: '×',
          goal: rate,
        },
        {
          name: `${name}: CPU per MiB to bare`,
          value: median(ratios.map(({ cpu }) => cpu)),
          unit: '×',
          goal: cpu,
        },
        { name: `${name}: throughput`, value: median(ratios.map(({ ours }) => ours)) / 1e6, unit: 'MB/s' },
      );
    }
  }
}
report('Links against the bare things they wrap', rows);
process.exit();

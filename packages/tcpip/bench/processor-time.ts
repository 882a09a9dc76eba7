import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { type ByteLink, linkPair, receiveQueue } from '@a7600/transport';
import { firstValueFrom, ReplaySubject, switchMap } from 'rxjs';
import { median, paired, type Row } from '../../../tools/bench.js';
import { modem, type Network } from '../src/index.js';
import type { ModemNetwork } from '../src/node/index.js';
import { ModemSocket } from '../src/node/index.js';
import { fakeNetwork } from '../test/fake-network.js';

const MEBIBYTE = 1 << 20;
const CHUNK = Buffer.alloc(65_536, 'processor time ');
/** What comes from a module at a time. */
const BLOCK = CHUNK.subarray(0, 1_500);
/** How many of them come in one turn of the event loop, as over USB. */
const BLOCKS = 40;
const ROUNDS = 7;

type Way = 'down' | 'up';
type AnySocket = Socket | ModemSocket;

/** A kind of socket, and how many MiB it carries for one figure. */
interface Subject {
  readonly name: string;
  readonly size: number;
  /** Connects to a peer that sends for ever (down) or swallows everything (up). */
  readonly open: (way: Way) => Promise<AnySocket>;
}

/** Microseconds of processor time for a MiB, of both ends together. */
async function cost({ open, size }: Subject, way: Way): Promise<number> {
  const socket = await open(way);
  const start = process.cpuUsage();
  await (way === 'down' ? swallow(socket, size * MEBIBYTE) : pour(socket, size * MEBIBYTE));
  const { user, system } = process.cpuUsage(start);
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return (user + system) / size;
}

function swallow(socket: AnySocket, size: number): Promise<void> {
  return new Promise((resolve) => {
    let left = size;
    socket.on('data', ({ length }: Buffer) => {
      left -= length;
      if (left <= 0) resolve();
    });
  });
}

async function pour(socket: AnySocket, size: number): Promise<void> {
  for (let sent = 0; sent < size; sent += CHUNK.length) {
    await new Promise<void>((resolve) => socket.write(CHUNK, () => resolve()));
  }
}

/** A server that talks for ever to whom connects to one port, and listens at the other. */
async function peers(): Promise<Record<Way, number>> {
  const talk = (socket: Socket) => {
    while (socket.write(CHUNK));
    socket.once('drain', () => talk(socket));
  };
  const listen = async (serve: (socket: Socket) => void) => {
    const server = createServer((socket) => serve(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return (server.address() as AddressInfo).port;
  };
  return { down: await listen(talk), up: await listen((socket) => socket.resume()) };
}

/** A network whose connections end in memory: at a peer that sends blocks while they are wanted, or takes everything. */
function memory(way: Way): ModemNetwork {
  const connect = () => {
    const [near, far] = linkPair();
    far.received$.subscribe();
    const remote = { host: '127.0.0.1', port: 1 };
    return way === 'up' ? { ...near, remote } : { ...near, ...endlessBlocks(), remote };
  };
  return fakeNetwork(connect);
}

/** What a module gives that never runs out, some blocks in each turn. */
function endlessBlocks(): Pick<ByteLink, 'received$' | 'pause' | 'resume'> {
  let isDue = false;
  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand) wake();
  });
  const wake = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      for (let count = 0; count < BLOCKS && receiving.hasDemand; count++) receiving.push(BLOCK);
      if (receiving.hasDemand) wake();
    });
  };
  const { received$, pause, resume } = receiving;
  return { received$, pause, resume };
}

/** What existing programs pay for a MiB over the modem instead of a socket of this computer. */
export async function processorTime(): Promise<Row[]> {
  const ports = await peers();
  const network$ = new ReplaySubject<Network>(1);
  modem(emulator({ network: hostNetwork() }))
    .pipe(switchMap((opened) => opened.network()))
    .subscribe(network$);
  const network = await firstValueFrom(network$);
  const connected = <S extends AnySocket>(socket: S) =>
    new Promise<S>((resolve) => socket.once('connect', () => resolve(socket)));
  const subjects: Subject[] = [
    {
      name: 'net.Socket on loopback',
      size: 64,
      open: (way) => connected(createConnection(ports[way], '127.0.0.1')),
    },
    {
      name: 'the adapter alone',
      size: 64,
      open: (way) => connected(new ModemSocket(memory(way)).connect(1, '127.0.0.1')),
    },
    {
      name: 'adapter, SDK and emulated module',
      size: 8,
      open: (way) => connected(new ModemSocket(network).connect(ports[way], '127.0.0.1')),
    },
  ];
  const rows: Row[] = [];
  for (const way of ['down', 'up'] as const) {
    const rounds: number[][] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const costs = [];
      for (const subject of subjects) costs.push(await cost(subject, way));
      if (round >= 0) rounds.push(costs);
    }
    subjects.forEach(({ name }, index) => {
      const value = median(rounds.map((costs) => costs[index] ?? Number.NaN));
      rows.push({ name: `${way}: ${name}: processor time`, value, unit: 'µs a MiB' });
    });
    rows.push({
      name: `${way}: the adapter alone against net.Socket`,
      ...paired(rounds.map(([socket = 0, adapter = 0]) => adapter / socket)),
      unit: 'times',
      goal: { max: 1.5 },
    });
    rows.push({
      name: `${way}: adapter, SDK and emulated module against net.Socket`,
      ...paired(rounds.map(([socket = 0, , all = 0]) => all / socket)),
      unit: 'times',
    });
  }
  return rows;
}

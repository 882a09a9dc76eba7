// What a fleet costs, with a real nats-server and processes: byte streams against plain TCP, commands against local
// ones, four agents with emulated modems, and a controller of 10, 100 and 1,000 simulated ones. The byte streams that are
// compared with TCP carry made-up bytes, without modems.
import { connect as connectDirectly } from 'node:net';
import type { TcpSocket } from '@a7600/tcpip';
import { headers } from '@nats-io/transport-node';
import { concatMap, filter, firstValueFrom, type Observable, range, Subscription } from 'rxjs';
import { median, paired, type Row, report } from '../../../tools/bench.js';
import { type Fleet, type FleetEntry, fleet as openFleet } from '../src/index.js';
import { newId } from '../src/nats/new-id.js';
import { encodeRecord } from '../src/protocol/record.js';
import { requestOf } from '../src/protocol/subjects.js';
import { bundle } from '../test/processes/bundle.js';
import { natsServer, program, ready } from '../test/processes/programs.js';
import { isOnline, online, transferred } from '../test/transfers.js';
import { part } from './bundled.js';

/** What a module gives at a time (AT+CIPRXGET). */
const CHUNK = new Uint8Array(1_460);
/** 921,600 baud: bytes per second with 8N1. */
const PACE = 92_160;
/** Chunks that are written before the program does something else: what a buffer of 16 KiB holds. */
const AT_A_TIME = 11;
const STREAMS = 64;
const SECONDS = 10;
const COMMANDS = 1_000;
/** The code of the first commands is not compiled yet. */
const WARM_UP = 2_000;
const ROUNDS = 7;
const AGENTS = 4;
const MODEMS = 16;
const TRANSFERS = 16;
const MEGABYTES = 5;

const open = new Subscription();
const rows: Row[] = [];
const server = await natsServer(open);
const connection = await ready(open, server.url);
const fleet = await held<Fleet>(openFleet(connection));

/** The first value of something that stays open. */
function held<T>(source: Observable<T>, until = open): Promise<T> {
  return new Promise((resolve, reject) => {
    until.add(source.subscribe({ next: resolve, error: reject }));
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const add = (name: string, value: number, unit: string, goal?: Row['goal']) =>
  addRow({ name, value, unit, goal });
const addRow = (row: Row) => {
  console.log(`${row.name}: ${row.value.toPrecision(3)} ${row.unit}`);
  rows.push(row);
};

/** Bytes per second that come through a stream or a socket. */
async function rateOf(count: () => number, seconds: number): Promise<number> {
  await pause(500);
  const before = count();
  const start = performance.now();
  await pause(seconds * 1_000);
  return ((count() - before) * 1_000) / (performance.now() - start);
}

async function streams(): Promise<void> {
  const sender = await part(open, 'sender.ts', server.url);
  const { small = 0, large = 0 } = await sender.next();
  const isThere = (all: readonly { id: string; presence: string }[]) =>
    all.some(({ id, presence }) => id === 'SENDER/none' && presence === 'present');
  await firstValueFrom(fleet.modems$.pipe(filter(isThere)));
  const modem = fleet.modem('SENDER/none');
  const opened = async (until: Subscription, rate: number) => {
    const socket: TcpSocket = await held(modem.connect({ host: 'none', port: rate }), until);
    let bytes = 0;
    until.add(socket.received$.subscribe(({ length }) => (bytes += length)));
    return () => bytes;
  };

  const directly = async (port: number) => {
    let bytes = 0;
    const socket = connectDirectly(port, '127.0.0.1');
    socket.on('data', ({ length }) => {
      bytes += length;
    });
    const rate = await rateOf(() => bytes, 1);
    socket.destroy();
    return rate;
  };
  const downwards = async (port: number) => {
    const one = new Subscription();
    const rate = await rateOf(await opened(one, port), 1);
    one.unsubscribe();
    return rate;
  };
  const upwards = async () => {
    const one = new Subscription();
    const socket: TcpSocket = await held(modem.connect({ host: 'none', port: PACE / 10 }), one);
    let bytes = 0;
    const write = () => {
      const some$ = range(0, AT_A_TIME).pipe(concatMap(() => socket.write(CHUNK)));
      one.add(
        some$.subscribe({
          complete: () => {
            bytes += AT_A_TIME * CHUNK.length;
            // What goes on at once would never let the connection read.
            setImmediate(write);
          },
          // Its end is the end of the measurement.
          error: () => {},
        }),
      );
    };
    write();
    const rate = await rateOf(() => bytes, 1);
    one.unsubscribe();
    return rate;
  };
  // By turns, so that all have the same share of the machine.
  type Turn = Readonly<Record<'small' | 'large' | 'down' | 'up' | 'bulk', number>>;
  const turns: Turn[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    turns.push({
      small: await directly(small),
      down: await downwards(1),
      up: await upwards(),
      large: await directly(large),
      bulk: await downwards(2),
    });
  }
  const rates = (name: string, of: (turn: Turn) => number) => add(name, median(turns.map(of)) / 1e6, 'MB/s');
  const shares = (name: string, of: (turn: Turn) => number, goal?: Row['goal']) =>
    addRow({ name: `${name}, of plain TCP in the same chunks`, ...paired(turns.map(of)), unit: '', goal });
  rates('plain TCP over loopback, in chunks of 1460 bytes', (turn) => turn.small);
  rates('plain TCP over loopback, in chunks of 16384 bytes', (turn) => turn.large);
  for (const way of ['down', 'up'] as const) {
    const name = `one stream ${way === 'down' ? 'from' : 'to'} the modem, unpaced, in chunks of 1460 bytes`;
    rates(name, (turn) => turn[way]);
    shares(name, (turn) => turn[way] / turn.small, { min: 0.25 });
  }
  // The server alone takes so much of two cores for what it passes on that there is no goal for them.
  const bulk = 'one stream from the modem, unpaced, in chunks of 16384 bytes';
  rates(bulk, (turn) => turn.bulk);
  shares(bulk, (turn) => turn.bulk / turn.large);

  const many = new Subscription();
  const counts: (() => number)[] = [];
  for (let n = 0; n < STREAMS; n++) counts.push(await opened(many, PACE / 10));
  const each = await Promise.all(counts.map((count) => rateOf(count, SECONDS)));
  many.unsubscribe();
  add(`${STREAMS} streams of ${PACE / 1_000} kB/s, the slowest, of that`, Math.min(...each) / PACE, '', {
    min: 0.98,
  });
  sender.process.kill('SIGKILL');
}

/** A request that is answered at once, with the subject, the headers and the size of one for a command. */
function messageLike({ agent, name, imei = '' }: FleetEntry): Parameters<typeof connection.request> {
  const form = headers();
  form.set('A7600-Id', newId());
  form.set('A7600-Deadline', String(Math.floor(performance.now())));
  form.set('A7600-Imei', imei);
  const subject = `bench.${requestOf({ agent, instance: newId(), modem: name }, 'raw')}`;
  const data = encodeRecord({ text: 'AT', timeout: 9_000 });
  return [subject, data, { timeout: 5_000, headers: form }];
}

async function commands(): Promise<void> {
  const agent = await part(open, 'one-modem.ts', server.url);
  await agent.next();
  await firstValueFrom(
    fleet.modems$.pipe(filter((all) => all.some((each) => each.id === 'ONE/only' && isOnline(each)))),
  );
  const modem = fleet.modem('ONE/only');
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  // By turns, so that each meets the same state of machine and processes: after a pause a command takes longer than in a
  // loop, beside the modem as well.
  const local: number[] = [];
  const remote: number[] = [];
  const hops: number[] = [];
  const request = messageLike(await firstValueFrom(modem.entry$));
  for (let n = -WARM_UP; n < COMMANDS; n++) {
    const hop = (await timed(() => connection.request(...request))) / 2;
    const there = await timed(() => firstValueFrom(modem.raw('AT')));
    const home = Number(await firstValueFrom(modem.call('latency')));
    if (n < 0) continue;
    hops.push(hop);
    remote.push(there);
    local.push(home);
  }
  add('a command at home, median', median(local), 'ms');
  add('a command over the fleet, median', median(remote), 'ms');
  add('one hop: such a message from program to program over the server, median', median(hops), 'ms');
  add('what the fleet adds to a command', (median(remote) - median(local)) / median(hops), 'hops', {
    max: 3,
  });
  agent.process.kill('SIGKILL');
}

async function modems(): Promise<void> {
  const running = new Subscription();
  const file = await bundle(running, new URL('../test/processes/agent.ts', import.meta.url));
  for (let n = 0; n < AGENTS; n++) program(running, file, server.url, `ROOF-${n}`, String(MODEMS));
  await online(fleet, AGENTS * MODEMS);
  // A controller that comes when all are there.
  const later = await ready(running, server.url);
  const start = performance.now();
  const second = await held<Fleet>(openFleet(later), running);
  await online(second, AGENTS * MODEMS);
  const name = `${AGENTS} agents with ${MODEMS} modems each`;
  add(`${name}: all listed in`, performance.now() - start, 'ms', { max: 3_000 });
  const through = Array.from(
    { length: TRANSFERS },
    (_, n) => `ROOF-${n % AGENTS}/m${Math.floor(n / AGENTS)}`,
  );
  const from = performance.now();
  const { sent, atPeer, here } = await transferred(second, through, MEGABYTES * 2 ** 20);
  const seconds = (performance.now() - from) / 1_000;
  for (const [where, hashes] of [
    ['there', atPeer],
    ['back', here],
  ] as const) {
    const whole = hashes.filter((hash) => hash === sent).length;
    add(`${name}: transfers of ${MEGABYTES} MB ${where} with the right checksum`, whole, '', {
      min: TRANSFERS,
    });
  }
  add(`${name}: ${TRANSFERS} transfers of ${MEGABYTES} MB each way took`, seconds, 's');
  running.unsubscribe();
}

async function controllers(): Promise<void> {
  for (const count of [10, 100, 1_000]) {
    const lasting = new Subscription();
    const simulated = await part(lasting, 'simulated.ts', server.url, String(count));
    await simulated.next();
    const watcher = await part(lasting, 'watcher.ts', server.url, String(count), String(SECONDS));
    const { ms = Number.NaN } = await watcher.next();
    const { share = Number.NaN, megabytes = Number.NaN } = await watcher.next();
    const isGoal = count === 1_000;
    add(`${count} modems: listed in`, ms, 'ms', isGoal ? { max: 1_000 } : undefined);
    add(
      `${count} modems: the controller's share of a core`,
      100 * share,
      '%',
      isGoal ? { max: 5 } : undefined,
    );
    add(`${count} modems: the controller's memory`, megabytes, 'MB', isGoal ? { max: 80 } : undefined);
    lasting.unsubscribe();
  }
}

await streams();
await commands();
await modems();
await controllers();
report('A fleet over NATS', rows);
open.unsubscribe();
process.exit();

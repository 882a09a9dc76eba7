// What many modems in one process cost: their heap, and the processor while nothing happens and while each talks a
// little, also by hand. The modules are emulated in another process, each at the end of a TCP connection, and are
// confirmed as usual.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { modem, type TcpSocket } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { tcp } from '@a7600/transport/tcp';
import { median, paired, type Row, report } from '../../../tools/bench.js';
import { ByHand } from './by-hand.js';
import { ECHO } from './echo.js';

const COUNTS = [64, 128, 256] as const;
const MODEMS = COUNTS[COUNTS.length - 1] as number;
const SOCKETS = 10;
/** Time in ms: every belief of every modem is confirmed in it once (`confirmInterval`, 60 s). */
const IDLE_TIME = 61_000;
/** Echoes of each modem, one a second: for the figure of the first seconds. */
const FIRST_ECHOES = 10;
/**
 * Echoes of each modem that come before the figure, and so many a second. V8 compiles a function after some thousand calls:
 * what an echo runs goes on being compiled for some 25 echoes of each modem, and a program that goes on for longer than
 * half a minute is past that.
 */
const WARM_UP = { count: 40, rate: 4 };
/** By hand there is little to compile, and an echo is lost that comes too soon after another. */
const WARM_UP_BY_HAND = { count: 10, rate: 2 };
/**
 * Turns of the SDK and by hand, and the echoes of each modem in one. The figures are medians, since the speed of a machine
 * varies by half from one of these turns to another, by hand too.
 */
const TURNS = 5;
const ECHOES = 6;
const ECHOES_BY_HAND = 4;
/** Bytes of an echo. */
const ECHO_BYTES = 64;

// This file is bundled; the other one is not.
const far = fork('packages/tcpip/bench/scale-modules.ts', {
  execArgv: ['--conditions=@a7600/source', '--import', 'tsx'],
});
const [port] = (await once(far, 'message')) as [number];

/** One socket of each modem. */
const talkers: TcpSocket[] = [];
/** Bytes that came back to them. */
let echoed = 0;
/** Subscriptions and what is open. */
const kept: unknown[] = [];

const rows: Row[] = [];
const heaps: number[] = [];
const before = heap();
for (const count of COUNTS) {
  while (talkers.length < count) await add();
  const each = (heap() - before) / count / 1_024;
  heaps.push(each);
  console.log(
    `${count} modems with ${SOCKETS} sockets each are open, ${each.toFixed(0)} KiB of heap a modem`,
  );
}
rows.push({
  name: `${MODEMS} modems with ${SOCKETS} sockets each: heap`,
  value: heaps.at(-1) as number,
  unit: 'KiB a modem',
  goal: { max: 200 },
});
rows.push({
  name: `heap a modem with ${MODEMS} modems, beside that with ${COUNTS[0]}`,
  value: (heaps.at(-1) as number) / (heaps[0] as number),
  unit: 'x',
  goal: { max: 1.05 },
});

// What has just been opened is collected and compiled first.
await pause(5_000);
// The first confirmations are compiled, and so are the first echoes: the figures are of what follows.
const firstIdle = await busy(IDLE_TIME);
rows.push(
  {
    name: `${MODEMS} modems, idle and confirmed every minute: processor time`,
    value: await busy(IDLE_TIME),
    unit: '% of a core',
    goal: { max: 1 },
  },
  { name: 'the same in the first minute', value: firstIdle, unit: '% of a core' },
);

const bytes = new Uint8Array(ECHO_BYTES).fill(0x55);
const talk = (index: number) => talkers[index]?.write(bytes).subscribe();
const first = await echoes(FIRST_ECHOES, 1, talk, () => echoed);
await echoes(WARM_UP.count, WARM_UP.rate, talk, () => echoed);

const hands: ByHand[] = [];
while (hands.length < MODEMS) hands.push(await ByHand.open(port));
const talkByHand = (index: number) => hands[index]?.echo(bytes);
const echoedByHand = () => hands.reduce((sum, { echoed: own }) => sum + own, 0);
await echoes(WARM_UP_BY_HAND.count, WARM_UP_BY_HAND.rate, talkByHand, echoedByHand);

const turns: { talking: number; byHand: number }[] = [];
while (turns.length < TURNS) {
  const talking = await echoes(ECHOES, 1, talk, () => echoed);
  if (talking.echoes !== talking.sent)
    throw new Error(`${talking.echoes} of ${talking.sent} echoes came back.`);
  // By hand nothing notices that a module is late, and an echo is lost then.
  const byHand = await echoes(ECHOES_BY_HAND, 1, talkByHand, echoedByHand);
  turns.push({ talking: share(talking), byHand: share(byHand) });
  console.log(`${share(talking).toFixed(2)} % of a core, by hand ${share(byHand).toFixed(2)} %`);
}
rows.push(
  {
    name: `${MODEMS} modems, each an echo of ${ECHO_BYTES} bytes a second: processor time`,
    value: median(turns.map(({ talking }) => talking)),
    unit: '% of a core',
    goal: { max: 10 },
  },
  { name: 'the same in the first seconds', value: share(first), unit: '% of a core' },
  {
    name: 'the same by hand, over net.Socket: processor time',
    value: median(turns.map(({ byHand }) => byHand)),
    unit: '% of a core',
  },
  {
    name: 'an echo, the SDK against by hand: processor time',
    ...paired(turns.map(({ talking, byHand }) => talking / byHand)),
    unit: 'times',
  },
);

report('Many modems in one process', rows);
process.exit();

async function add(): Promise<void> {
  const opened = await open(modem(tcp({ host: '127.0.0.1', port })));
  const network = await open(opened.network());
  const sockets: TcpSocket[] = [];
  for (let count = 0; count < SOCKETS; count++) {
    const socket = await open(network.connect(ECHO));
    kept.push(
      socket.received$.subscribe((chunk) => {
        echoed += chunk.length;
      }),
    );
    sockets.push(socket);
  }
  talkers.push(sockets[0] as TcpSocket);
}

/** Echoes that were sent and came back, and the processor time in s that they took. */
interface Echoes {
  readonly sent: number;
  readonly echoes: number;
  readonly time: number;
}

/** Has each modem echo `rate` times a second, one after the other; on a busy machine it may become less often. */
async function echoes(
  count: number,
  rate: number,
  echo: (index: number) => void,
  received: () => number,
): Promise<Echoes> {
  console.log(`${count} echoes of ${ECHO_BYTES} bytes of each modem, ${rate} a second`);
  const before = received();
  const interval = 1_000 / rate;
  let sent = 0;
  const talk = setInterval(() => {
    if (sent === count) return;
    sent += 1;
    for (let index = 0; index < MODEMS; index++) setTimeout(echo, (index * interval) / MODEMS, index);
  }, interval);
  const start = process.cpuUsage();
  await pause((count + 1) * interval);
  clearInterval(talk);
  for (let waited = 0; received() - before < MODEMS * sent * ECHO_BYTES && waited < 10_000; waited += 100) {
    await pause(100);
  }
  const { user, system } = process.cpuUsage(start);
  return { sent: MODEMS * sent, echoes: (received() - before) / ECHO_BYTES, time: (user + system) / 1e6 };
}

/** Processor time in percent of a core, for one echo a second of each modem. */
function share({ time, echoes }: Echoes): number {
  return (100 * time * MODEMS) / echoes;
}

/** Processor time of this process during `time` ms, in percent of a core. */
async function busy(time: number): Promise<number> {
  console.log(`nothing happens for ${time / 1_000} s`);
  const start = process.cpuUsage();
  await pause(time);
  const { user, system } = process.cpuUsage(start);
  return (100 * (user + system)) / 1_000 / time;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

function heap(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

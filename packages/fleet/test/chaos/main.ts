// Kills, stops and cuts off the programs of a fleet, by seed, while controllers ask, hold leases and carry streams; checks
// what the protocol guarantees. `npm run chaos -- --minutes 5 --seed N`, or `--events N` instead of minutes.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Subscription } from 'rxjs';
import { readOptions } from '../../../../tools/options.js';
import { listening } from '../../../tcpip/test/online.js';
import { bundle } from '../processes/bundle.js';
import { natsServer, program, ready, type Talking } from '../processes/programs.js';
import { Findings } from './findings.js';
import { proxy } from './proxy.js';

const { minutes, seed, events } = readOptions('npm run chaos -- [--minutes N | --events N] [--seed N]', {
  minutes: { type: 'string', default: '5' },
  events: { type: 'string' },
  seed: { type: 'string', default: String(Math.floor(performance.timeOrigin) % 1_000_000) },
});
/** Time between two events, and the time of calm after which the list has to be true. */
const BETWEEN = 1_500;
const CALM = 10_000;
/** Events between two times of calm. */
const PER_CALM = 16;
const total = events === undefined ? Math.round((Number(minutes) * 60_000) / BETWEEN) : Number(events);

/** Mulberry32: the same numbers for the same seed. */
function random(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const open = new Subscription();
const next = random(Number(seed));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const findings = new Findings();
const server = await natsServer(open);
await ready(open, server.url);
const echo = createServer((socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
const echoPort = await listening(echo);
open.add(() => void echo.close());

/** A program that is started again after it was killed. */
class Kept {
  running: Talking;
  presences: Record<string, string> = {};
  /** What is being done to it: one thing at a time. */
  isBusy = false;
  /** It has said something: it is more than a process that is being loaded. */
  isUp = false;
  private readonly start: () => Talking;

  constructor(start: () => Talking) {
    this.start = start;
    this.running = this.begin();
  }

  again(): void {
    this.running = this.begin();
  }

  private begin(): Talking {
    const running = this.start();
    this.presences = {};
    this.isUp = false;
    running.listen((line) => {
      if (running === this.running && (line.instance ?? line.started) !== undefined) this.isUp = true;
      if (running === this.running && line.presences !== undefined) this.presences = line.presences;
    });
    return running;
  }
}

const agentFile = await bundle(open, join(import.meta.dirname, '../processes/agent.ts'));
const controllerFile = await bundle(open, join(import.meta.dirname, 'controller.ts'));
const ways = [await proxy(open, server.port), await proxy(open, server.port)];
const agents = ways.map(
  (way, index) =>
    new Kept(() => {
      const running = program(open, agentFile, way.url, `ROOF-${index}`, '2');
      findings.agent(`ROOF-${index}`, running);
      return running;
    }),
);
const controllerWays = [await proxy(open, server.port), await proxy(open, server.port)];
const controllers = controllerWays.map(
  (way, index) =>
    new Kept(() => {
      const running = program(open, controllerFile, way.url, String(index), String(echoPort));
      findings.controller(`controller ${index}`, running);
      return running;
    }),
);
const serverKept = { isBusy: false };

/** Does something to a program for a while, unless something is being done to it. */
async function held(
  target: { isBusy: boolean; readonly isUp?: boolean },
  what: string,
  begin: () => void,
  end: () => unknown,
): Promise<void> {
  if (target.isBusy || target.isUp === false) return;
  target.isBusy = true;
  findings.count(`event: ${what}`);
  begin();
  await pause(500 + next() * 8_000);
  await end();
  target.isBusy = false;
}

const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
const processes = [...agents, ...controllers];
const waysOf = [...ways, ...controllerWays];
/** What may happen, each as often as the others. */
const happenings: readonly (() => Promise<void>)[] = [
  () => {
    const target = one(agents);
    return held(
      target,
      'kill -9 of an agent',
      () => target.running.process.kill('SIGKILL'),
      () => target.again(),
    );
  },
  () => {
    const target = one(controllers);
    return held(
      target,
      'kill -9 of a controller',
      () => target.running.process.kill('SIGKILL'),
      () => target.again(),
    );
  },
  () =>
    held(
      serverKept,
      'kill -9 of the server',
      () => server.process.kill('SIGKILL'),
      () => server.restart(),
    ),
  () =>
    held(
      serverKept,
      'SIGSTOP of the server',
      () => server.process.kill('SIGSTOP'),
      () => server.process.kill('SIGCONT'),
    ),
  () => {
    const target = one(agents);
    return held(
      target,
      'SIGSTOP of an agent',
      () => target.running.process.kill('SIGSTOP'),
      () => target.running.process.kill('SIGCONT'),
    );
  },
  () => {
    const target = one(controllers);
    return held(
      target,
      'SIGSTOP of a controller',
      () => target.running.process.kill('SIGSTOP'),
      () => target.running.process.kill('SIGCONT'),
    );
  },
  () => {
    const index = Math.floor(next() * processes.length);
    return held(
      processes[index] as Kept,
      'half-open partition',
      () => waysOf[index]?.cut(true),
      () => waysOf[index]?.cut(false),
    );
  },
  () => {
    const target = one(agents);
    return held(
      target,
      'a modem dies in silence',
      () => target.running.process.kill('SIGUSR2'),
      () => target.running.process.kill('SIGUSR2'),
    );
  },
];

/** After a time without events every controller has to list every modem as it is. */
async function calm(): Promise<void> {
  while (serverKept.isBusy || processes.some(({ isBusy, isUp }) => isBusy || !isUp)) await pause(50);
  await pause(CALM);
  findings.count('times of calm');
  for (const [index, { presences }] of controllers.entries()) {
    const all = Object.values(presences);
    if (all.length === 4 && all.every((each) => each.startsWith('present'))) continue;
    findings.wrong.push(`controller ${index} says after ${CALM} ms of calm: ${JSON.stringify(presences)}`);
  }
}

const start = performance.now();
await calm();
for (let event = 1; event <= total; event++) {
  void one(happenings)();
  await pause(BETWEEN * (0.5 + next()));
  if (event % PER_CALM === 0 || event === total) await calm();
}
findings.settle();
console.log(`Seed ${seed}, ${total} events in ${Math.round((performance.now() - start) / 1_000)} s.`);
for (const [what, count] of Object.entries(findings.counts).sort())
  console.log(`${String(count).padStart(7)}  ${what}`);
for (const each of findings.wrong.slice(0, 40)) console.log(`WRONG: ${each}`);
if (findings.wrong.length === 0) console.log('Nothing is wrong.');
open.unsubscribe();
process.exit(findings.wrong.length === 0 ? 0 : 1);

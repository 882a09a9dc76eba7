// How much of what a line of 921,600 baud allows the SDK gets through a real pseudo-terminal, in real time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { modem } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { serial } from '@a7600/transport/serialport';
import { lastValueFrom } from 'rxjs';
import type { Row } from '../../../tools/bench.js';
import { pour, shareOfBound } from './load.js';
import { sender } from './paced-by-hand.js';
import { PeerStreams, streamOf } from './peer-streams.js';

export const BAUD_RATE = 921_600;
export const PEER = '10.3.0.1';
export const PORTS = [80, 81, 82, 83, 84, 85, 86, 87, 88, 89] as const;
/**
 * Times in ms: until what runs for the first time is compiled, and for one figure: of four seconds, a machine that stands
 * still for 70 ms takes as much as the goal leaves.
 */
const WARM_UP = 2_000;
const TIME = 10_000;
/** Bytes of payload of a link that may be under way. */
const UNDER_WAY = 1_500;

/** Rows for buffer access over a pseudo-terminal, one direction at a time. */
export async function paced(): Promise<Row[]> {
  const awake = keepAwake();
  const rows: Row[] = [];
  for (const direction of ['in', 'out'] as const) {
    for (const links of [1, PORTS.length]) {
      const load = { mode: 'buffer', direction, links, baudRate: BAUD_RATE, turnaround: 0 } as const;
      const name = `pty at 921,600 baud, buffer, ${direction}, ${links === 1 ? '1 link' : `${links} links`}`;
      const goodput = await onModule(direction, (path) => carried(path, direction, links));
      rows.push({
        name: `${name}: ${(goodput / 1_000).toFixed(1)} kB/s`,
        value: shareOfBound(load, goodput),
        unit: 'of the bound',
        goal: { min: 0.97 },
      });
      if (direction === 'in') continue;
      const byHand = await onModule(direction, (path) => sentByHand(path, links));
      rows.push(
        {
          name: `${name}, serialport by hand: ${(byHand / 1_000).toFixed(1)} kB/s`,
          value: shareOfBound(load, byHand),
          unit: 'of the bound',
        },
        {
          name: `${name}: the SDK against by hand`,
          value: goodput / byHand,
          unit: 'times',
          goal: { min: 0.97 },
        },
      );
    }
  }
  for (const child of awake) child.disconnect();
  return rows;
}

/**
 * Keeps all processors awake but that of the module, which does not sleep either. A virtual processor that has slept for
 * the time of a payload takes a quarter of a millisecond to wake up, whatever runs on it then, and the bound knows of none.
 */
function keepAwake(): ChildProcess[] {
  const script = fileURLToPath(new URL('awake.ts', import.meta.url));
  const execArgv = ['--idle', '0', process.execPath, '--import', 'tsx'];
  const count = process.platform === 'linux' ? availableParallelism() - 1 : 0;
  return Array.from({ length: count }, () => fork(script, { execPath: 'chrt', execArgv }));
}

/** What was measured, and how many bytes of payload have passed in all. */
interface Measured {
  readonly goodput: number;
  readonly passed: number;
}

/** Bytes per second that come of `work` on the pseudo-terminal of a module, in a process of its own. */
async function onModule(direction: 'in' | 'out', work: (path: string) => Promise<Measured>): Promise<number> {
  const script = fileURLToPath(new URL('paced-module.ts', import.meta.url));
  const child = fork(script, [direction], { execArgv: ['--conditions=@a7600/source', '--import', 'tsx'] });
  const [path] = (await once(child, 'message')) as [string];
  const { goodput, passed } = await work(path);
  child.send('passed?');
  const [atModule] = (await once(child, 'message')) as [number];
  child.disconnect();
  // What was under way at the end has passed only one side.
  if (passed > atModule || atModule - passed > PORTS.length * UNDER_WAY)
    throw new Error(`${passed} bytes have passed the host, ${atModule} the module.`);
  return goodput;
}

async function carried(path: string, direction: 'in' | 'out', links: number): Promise<Measured> {
  const opened = await open(modem(serial({ path, baudRate: BAUD_RATE })));
  const network = await open(opened.network());
  const streams = new PeerStreams();
  let sent = 0;
  opened.traffic$.subscribe((traffic) => {
    sent = traffic.sent;
  });
  for (const port of PORTS.slice(0, links)) {
    const socket = await open(network.connect({ host: PEER, port }));
    if (direction === 'out') pour(socket, streamOf(port));
    else socket.received$.subscribe({ next: (bytes) => streams.check(port, bytes), error: () => {} });
  }
  const passed = () => (direction === 'in' ? streams.passed : sent);
  const goodput = await measured(passed);
  await lastValueFrom(opened.abort(), { defaultValue: undefined });
  return { goodput, passed: passed() };
}

async function sentByHand(path: string, links: number): Promise<Measured> {
  const byHand = await sender(path, links);
  const goodput = await measured(() => byHand.sent);
  await byHand.stop();
  return { goodput, passed: byHand.sent };
}

/** What is added to a count in a second. */
async function measured(count: () => number): Promise<number> {
  await pause(WARM_UP);
  const [from, start] = [count(), performance.now()];
  await pause(TIME);
  return ((count() - from) * 1_000) / (performance.now() - start);
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

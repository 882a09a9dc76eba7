// How much of what a line of 921,600 baud allows the SDK gets through a real pseudo-terminal, in real time.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { modem } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { serial } from '@a7600/transport/serialport';
import { lastValueFrom } from 'rxjs';
import type { Row } from '../../../tools/bench.js';
import { pour, shareOfBound } from './load.js';
import { sender } from './paced-by-hand.js';

export const BAUD_RATE = 921_600;
export const PEER = '10.3.0.1';
export const PORTS = [80, 81, 82, 83, 84, 85, 86, 87, 88, 89] as const;
/** Times in ms: until what runs for the first time is compiled, and for one figure. */
const WARM_UP = 2_000;
const TIME = 4_000;

/** Rows for buffer access over a pseudo-terminal, one direction at a time. */
export async function paced(): Promise<Row[]> {
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
  return rows;
}

/** What comes of `work` on the pseudo-terminal of a module, in a process of its own. */
async function onModule(direction: 'in' | 'out', work: (path: string) => Promise<number>): Promise<number> {
  const script = fileURLToPath(new URL('paced-module.ts', import.meta.url));
  const child = fork(script, [direction], { execArgv: ['--conditions=@a7600/source', '--import', 'tsx'] });
  const [path] = (await once(child, 'message')) as [string];
  const goodput = await work(path);
  child.disconnect();
  return goodput;
}

/** Bytes of payload per second. */
async function carried(path: string, direction: 'in' | 'out', links: number): Promise<number> {
  const opened = await open(modem(serial({ path, baudRate: BAUD_RATE })));
  const network = await open(opened.network());
  let bytes = 0;
  opened.traffic$.subscribe(({ sent, received }) => {
    bytes = direction === 'in' ? received : sent;
  });
  for (const port of PORTS.slice(0, links)) {
    const socket = await open(network.connect({ host: PEER, port }));
    if (direction === 'in') socket.received$.subscribe({ error: () => {} });
    else pour(socket);
  }
  const goodput = await measured(() => bytes);
  await lastValueFrom(opened.abort(), { defaultValue: undefined });
  return goodput;
}

async function sentByHand(path: string, links: number): Promise<number> {
  const byHand = await sender(path, links);
  const goodput = await measured(() => byHand.sent);
  await byHand.stop();
  return goodput;
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

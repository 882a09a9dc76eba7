import { linkPair } from '@a7600/transport';
import { open } from '@a7600/transport/async';
import type { Row } from '../../../tools/bench.js';
import { modemOver } from './opened.js';
import { respond } from './responder.js';

const MODEMS = 64;
const LINKS = 10;
/** Time in ms for which nothing happens; a safety poll of each modem falls into it. */
const IDLE_TIME = 35_000;

/** Subscriptions that hold what is open. */
const kept: unknown[] = [];

export async function idle(): Promise<Row[]> {
  const before = heap();
  for (let count = 0; count < MODEMS; count++) {
    const [link, module] = linkPair();
    respond(module);
    const opened = await modemOver(link);
    const network = await open(opened.network());
    for (let index = 0; index < LINKS; index++) {
      const socket = await open(network.connect({ host: '10.3.0.1', port: 80 + index }));
      kept.push(socket.received$.subscribe());
    }
  }
  const each = (heap() - before) / MODEMS / 1_024;
  const start = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, IDLE_TIME));
  const { user, system } = process.cpuUsage(start);
  return [
    {
      name: `${MODEMS} modems with ${LINKS} links each, idle: processor time`,
      value: (100 * (user + system)) / 1_000 / IDLE_TIME,
      unit: '% of a core',
      goal: { max: 1 },
    },
    {
      name: `${MODEMS} modems with ${LINKS} links each: heap`,
      value: each,
      unit: 'KiB a modem',
      goal: { max: 200 },
    },
  ];
}

function heap(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

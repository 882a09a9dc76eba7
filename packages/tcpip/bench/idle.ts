import { type ByteLink, linkPair } from '@a7600/transport';
import { open } from '@a7600/transport/async';
import type { Row } from '../../../tools/bench.js';
import { modemOver } from './opened.js';
import { respond } from './responder.js';

const MODEMS = 64;
const LINKS = 10;
/** Time in ms for which nothing happens. The first confirmation comes later; `bench:scale` measures those. */
const IDLE_TIME = 35_000;

/** Subscriptions that hold what is open. */
const kept: unknown[] = [];

export async function idle(): Promise<Row[]> {
  // What is compiled and made once for a process is not a part of what each modem needs.
  await openOver(moduleLink());
  const links = Array.from({ length: MODEMS }, moduleLink);
  const before = heap();
  for (const link of links) await openOver(link);
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

/** Makes a module, and returns the link to it. */
function moduleLink(): ByteLink {
  const [link, module] = linkPair();
  respond(module);
  return link;
}

/** Opens a modem with its network and links, and keeps them. */
async function openOver(link: ByteLink): Promise<void> {
  const network = await open((await modemOver(link)).network());
  for (let index = 0; index < LINKS; index++) {
    const socket = await open(network.connect({ host: '10.3.0.1', port: 80 + index }));
    kept.push(socket.received$.subscribe());
  }
}

function heap(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

import type { Duplex } from 'node:stream';
import { toDuplex } from '@a7600/transport/node';
import type { VirtualTimeScheduler } from 'rxjs';
import { type ModemConnect, modemConnect } from '../src/node/index.js';
import { rig } from './load.js';

/** What one client does again and again. */
export interface Workload {
  readonly name: string;
  /** How often it is done for a figure. */
  readonly times: number;
  /** Whether each time makes a connection and closes it. */
  readonly connects?: boolean;
  /** What is allowed of each figure, as a multiple of the least, if it is not what is usual. */
  readonly goals?: {
    readonly bytes?: number;
    readonly turnarounds?: number;
    /** Undefined: the time says nothing. */
    readonly time?: number | undefined;
  };
  /** The server's part on a connection. */
  readonly serve: (stream: Duplex) => void;
  /** The client's part: opens what is kept open, then gives what is done each time. */
  readonly client: (connect: ModemConnect) => Promise<() => Promise<unknown>>;
}

/** What it took over the modem, for one time. */
export interface Cost {
  /** Bytes on the line, both ways. */
  readonly bytes: number;
  /** Commands: each is a question that the host waits for the answer of. */
  readonly turnarounds: number;
  /** In ms. */
  readonly time: number;
}

const SERVER = { host: '10.3.0.1', port: 80 };

/** Runs a real client over a modem in virtual time. */
export async function costOf(workload: Workload, baudRate: number): Promise<Cost> {
  const load = { mode: 'buffer', direction: 'both', links: 1, turnaround: 0, baudRate } as const;
  const { scheduler, module, outside, network, commands } = rig(load);
  let bytes = 0;
  module.control.events$.subscribe((event) => {
    if (event.kind === 'received' || event.kind === 'printed') bytes += event.bytes.length;
  });
  outside.serve(SERVER.host, SERVER.port).subscribe((connection) => workload.serve(toDuplex(connection)));

  const doIt = await played(scheduler, workload.client(modemConnect(network)));
  await played(scheduler, doIt());
  bytes = 0;
  const [from, before] = [scheduler.now(), commands.length];
  for (let time = 0; time < workload.times; time++) await played(scheduler, doIt());
  return {
    bytes: bytes / workload.times,
    turnarounds: (commands.length - before) / workload.times,
    time: (scheduler.now() - from) / workload.times,
  };
}

/** Turns of the event loop after which a client has done all that it does at one moment. */
const TURNS = 6;

/** Lets virtual time pass, one moment after the other, until a promise is kept. */
async function played<T>(scheduler: VirtualTimeScheduler, work: Promise<T>): Promise<T> {
  let over = false;
  work.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  while (!over) {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    const next = Math.min(...scheduler.actions.map(({ delay }) => delay));
    if (over || !Number.isFinite(next)) continue;
    scheduler.maxFrames = next;
    scheduler.flush();
  }
  return work;
}

import { type Modem, modem, type Network } from '@a7600/tcpip';
import {
  type Emulator,
  emulator,
  type MemoryNetwork,
  memoryNetwork,
  turnaround as turnaroundOf,
} from '@a7600/testing';
import type { ByteLink } from '@a7600/transport';
import { type Observable, VirtualTimeScheduler } from 'rxjs';

export type Mode = 'buffer' | 'hex' | 'push' | 'transparent';
export type Direction = 'in' | 'out' | 'both';

/** Full load of one kind. */
export interface Load {
  readonly mode: Mode;
  readonly direction: Direction;
  readonly links: number;
  readonly baudRate: number;
  /** In ms. */
  readonly turnaround: number;
  readonly joinedReads?: number;
}

/** What came of it. Bytes of payload per second. */
export interface Carried {
  readonly goodput: number;
  /** What framing and turnaround allow for that traffic. */
  readonly bound: number;
  /** Jain's index over the links: 1 when all got the same. */
  readonly fairness: number;
}

/** Reads or sends for one figure, all links together. */
const READS = 400;
const BITS_PER_BYTE = 10;
const PORT = 80;
const FAR = '10.3.0.1';
const CHUNK = new Uint8Array(65_536);

/** One read, block or send on the wire. */
interface Unit {
  readonly payload: number;
  /** Bytes from the host, and from the module. */
  readonly up: number;
  readonly down: number;
  /** How many of those from the module may come while the next dialogue is under way: a result after `OK`. */
  readonly late: number;
  /** How often a side has to answer. */
  readonly turnarounds: number;
  /** Whether it is a dialogue, of which there is one at a time; the bytes of others only share the line. */
  readonly dialogue: boolean;
}

const length = (text: string) => text.length;

/** What one costs (application note 3.2 for the texts; most fields with the digits that they have under load). */
function unitOf(mode: Mode, direction: 'in' | 'out'): Unit {
  const flow = { late: 0, turnarounds: 0, dialogue: false };
  if (mode === 'transparent') {
    return direction === 'in'
      ? { payload: 1460, up: 0, down: 1460, ...flow }
      : { payload: 1460, up: 1460, down: 0, ...flow };
  }
  if (direction === 'out') {
    const late = length('\r\n+CIPSEND: 0,1500,1500\r\n');
    const down = length('\r\n>') + length('\r\nOK\r\n') + late;
    const up = length('AT+CIPSEND=0,1500\r') + 1500;
    return { payload: 1500, up, down, late, turnarounds: 2, dialogue: true };
  }
  if (mode === 'push') {
    const header = length(`\r\nRECV FROM:${FAR}:${PORT}\r\n`) + length('+RECEIVE,0,1500\r\n');
    return { payload: 1500, up: 0, down: 1500 + header, ...flow };
  }
  const hex = mode === 'hex';
  const up = length(hex ? 'AT+CIPRXGET=3,0,750\r' : 'AT+CIPRXGET=2,0,1500\r');
  const answer = length(hex ? '\r\n+CIPRXGET: 3,0,750,9999\r\n' : '\r\n+CIPRXGET: 2,0,1500,9999\r\n');
  const down = answer + 1500 + length('\r\n') + length('\r\nOK\r\n');
  return { payload: hex ? 750 : 1500, up, down, late: 0, turnarounds: 1, dialogue: true };
}

/** What was carried: how many of each unit. */
type Amounts = readonly { readonly unit: Unit; readonly count: number }[];

/**
 * Returns the least time in seconds for some amounts. The line carries both directions at a time, and neither
 * faster than its rate; dialogues come one after the other, and overlap with the bytes of no dialogue and, if there
 * is another one to go on with, with the late result of the last one. Nothing can be faster.
 */
function leastTime(amounts: Amounts, { baudRate, turnaround, links, direction }: Load): number {
  const line = (bytes: (unit: Unit) => number) =>
    (sum(amounts.map(({ unit, count }) => bytes(unit) * count)) * BITS_PER_BYTE) / baudRate;
  const goesOn = links > 1 || direction === 'both';
  const inTurn = line(({ up, down, late, dialogue }) => (dialogue ? up + down - (goesOn ? late : 0) : 0));
  const waits = sum(amounts.map(({ unit, count }) => unit.turnarounds * count)) * (turnaround / 1_000);
  return Math.max(
    line(({ up }) => up),
    line(({ down }) => down),
    inTurn + waits,
  );
}

/** A modem at that speed, its network, and a clock. */
export interface Rig {
  readonly scheduler: VirtualTimeScheduler;
  readonly module: Emulator;
  readonly outside: MemoryNetwork;
  readonly modem: Modem;
  readonly network: Network;
  /** The commands sent so far, by what they are. */
  readonly commands: string[];
  advance(ms: number): void;
}

export function rig({ mode, baudRate, turnaround, joinedReads }: Load): Rig {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const outside = memoryNetwork({ scheduler });
  const module = emulator({
    scheduler,
    network: outside,
    timing: turnaroundOf(turnaround),
    baudRate,
    uart: { baudRate, hostBuffer: 4_096 },
  });
  const commands: string[] = [];
  const advance = (ms: number) => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  let opened: Modem | undefined;
  let network: Network | undefined;
  modem(module, {
    scheduler,
    ...(joinedReads === undefined ? {} : { joinedReads }),
    fullTrace: (entry) => {
      if (entry.kind === 'command') commands.push(entry.text);
    },
  }).subscribe((ready) => {
    opened = ready;
  });
  advance(5_000);
  const settings = mode === 'transparent' ? { transparent: true } : { receive: mode };
  opened?.network(settings).subscribe((ready) => {
    network = ready;
  });
  advance(5_000);
  if (opened === undefined || network === undefined) throw new Error('The modem did not come up.');
  return { scheduler, module, outside, modem: opened, network, commands, advance };
}

/** Writes again and again. */
export function pour(link: Pick<ByteLink, 'write'>, bytes: Uint8Array = CHUNK): void {
  link.write(bytes).subscribe({ complete: () => pour(link, bytes), error: () => {} });
}

/** Which share of the least time a goodput in one direction shows, in bytes per second. */
export function shareOfBound(load: Load & { readonly direction: 'in' | 'out' }, goodput: number): number {
  const unit = unitOf(load.mode, load.direction);
  return goodput * leastTime([{ unit, count: 1 / unit.payload }], load);
}

/** Counts the bytes between the first and the last moment at which any came out anywhere. */
class Meter {
  readonly flows: { in: number; out: number }[] = [];
  private running = false;
  private first = Number.NaN;
  private last = Number.NaN;

  start(): void {
    this.running = true;
  }

  /** In seconds. */
  get time(): number {
    return (this.last - this.first) / 1_000;
  }

  total(direction: 'in' | 'out'): number {
    return sum(this.flows.map((flow) => flow[direction]));
  }

  /** What came out up to the first moment was carried before. */
  count(flow: { in: number; out: number }, direction: 'in' | 'out', bytes: number, now: number): void {
    if (!this.running) return;
    if (Number.isNaN(this.first)) this.first = now;
    else if (now > this.first) flow[direction] += bytes;
    this.last = now;
  }
}

/** Connects the links of a load and lets both ends talk as its direction says. */
function start(load: Load, { scheduler, outside, network, advance }: Rig): Meter {
  const meter = new Meter();
  const sources: Pick<ByteLink, 'write'>[] = [];

  const join = (socket: ByteLink, far: ByteLink) => {
    const flow = { in: 0, out: 0 };
    meter.flows.push(flow);
    socket.received$.subscribe(({ length }) => meter.count(flow, 'in', length, scheduler.now()));
    far.received$.subscribe(({ length }) => meter.count(flow, 'out', length, scheduler.now()));
    if (load.direction !== 'out') sources.push(far);
    if (load.direction !== 'in') sources.push(socket);
  };

  for (let index = 0; index < load.links; index++) {
    let far: ByteLink | undefined;
    const where = { host: FAR, port: PORT + index };
    outside.serve(where.host, where.port).subscribe((connection) => {
      far = connection;
    });
    const socket$: Observable<ByteLink> =
      load.mode === 'transparent' ? network.transparent(where) : network.connect(where);
    socket$.subscribe((socket) => far !== undefined && join(socket, far));
    advance(1_000);
  }
  for (const source of sources) pour(source);
  return meter;
}

/** The time in ms that a unit of the load takes, the longer one where they differ. */
function unitTime(load: Load): number {
  const timeOf = (direction: 'in' | 'out') =>
    leastTime([{ unit: unitOf(load.mode, direction), count: 1 }], load);
  return 1_000 * Math.max(timeOf('in'), timeOf('out'));
}

/** Puts a modem under load and sees what gets through. */
export function carry(load: Load): Carried {
  const loaded = rig(load);
  const meter = start(load, loaded);
  loaded.advance(20 * load.links * unitTime(load));
  meter.start();
  loaded.advance(READS * unitTime(load));

  const [received, sent] = [meter.total('in'), meter.total('out')];
  const amount = (bytes: number, direction: 'in' | 'out') => {
    const unit = unitOf(load.mode, direction);
    return { unit, count: bytes / unit.payload };
  };
  const needed = leastTime([amount(received, 'in'), amount(sent, 'out')], load);
  const each = meter.flows.map((flow) => flow.in + flow.out);
  return {
    goodput: (received + sent) / meter.time,
    bound: (received + sent) / needed,
    fairness: sum(each) ** 2 / (each.length * sum(each.map((bytes) => bytes * bytes))),
  };
}

/** Connects once more at different moments; gives the most commands that came before its own. */
export function commandsBeforeConnect(load: Load): number {
  const loaded = rig(load);
  start(load, loaded);
  const { outside, network, commands, advance } = loaded;
  outside.serve(FAR, 1).subscribe();
  let most = 0;
  for (let moment = 0; moment < 50; moment++) {
    advance(10 * unitTime(load) + moment * 7.3);
    const from = commands.length;
    const connecting = network.connect({ host: FAR, port: 1 }).subscribe();
    advance(20 * unitTime(load));
    const own = commands.findIndex((text, index) => index >= from && text.startsWith('AT+CIPOPEN='));
    most = Math.max(most, own < 0 ? Number.POSITIVE_INFINITY : own - from);
    connecting.unsubscribe();
    advance(100 * unitTime(load));
  }
  return most;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// What commands beside a transparent connection cost it, and how long they wait, in virtual time, so that the figures
// are the same on every machine and in every run. The bound is in docs/guides/data-and-control.md.
import { csq } from '@a7600/at-codec';
import { type Modem, type ModemPorts, modem, multiplexed, type Network } from '@a7600/tcpip';
import { type Emulator, emulator, type MemoryNetwork, memoryNetwork, note100 } from '@a7600/testing';
import type { ByteLink, SerialLink, Transport } from '@a7600/transport';
import { defer, EMPTY, map, type Observable, of, VirtualTimeScheduler } from 'rxjs';
import { type Row, report } from '../../../tools/bench.js';

type Direction = 'in' | 'out' | 'both';

/** Full load beside commands. */
interface Load {
  /** N1 of the multiplexed line; undefined for two ports. */
  readonly frameSize: number | undefined;
  readonly direction: Direction;
}

const BAUD_RATE = 115_200;
/** Bytes per second of a line with 8N1. */
const LINE_RATE = BAUD_RATE / 10;
const COMMANDS_PER_SECOND = 20;
const SECONDS = 20;
const PEER = { host: '10.3.0.1', port: 80 };
const OTHERS = 9;
const CHUNK = new Uint8Array(16_384).fill(0x61);

const length = (text: string) => text.length;
const QUESTION = length('AT+CSQ\r');
const ANSWER = length('\r\n+CSQ: 14,0\r\n') + length('\r\nOK\r\n');

/** Bytes of a frame around its payload: flags, address, control, length, checksum (3GPP TS 27.010, 5.2). */
const overhead = (payload: number) => (payload > 127 ? 7 : 6);

/** Bytes of payload per second that framing and the frames of so many commands leave. */
function bound({ frameSize }: Load, towards: 'in' | 'out', commandsPerSecond: number): number {
  if (frameSize === undefined) return LINE_RATE;
  const size = towards === 'out' ? QUESTION : ANSWER;
  const frames = Math.ceil(size / frameSize);
  const commands = commandsPerSecond * (size + frames * overhead(Math.min(size, frameSize)));
  return ((LINE_RATE - commands) * frameSize) / (frameSize + overhead(frameSize));
}

/** Time in ms that a full frame takes. */
const frameTime = (frameSize: number) => ((frameSize + overhead(frameSize)) * 1_000) / LINE_RATE;

interface Rig {
  readonly scheduler: VirtualTimeScheduler;
  readonly outside: MemoryNetwork;
  readonly modem: Modem;
  readonly network: Network;
  advance(ms: number): void;
}

function rig(frameSize: number | undefined): Rig {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const outside = memoryNetwork({ scheduler });
  // The port holds two frames that are not sent; with a port of its own, data needs no bound.
  const hostBuffer = frameSize === undefined ? 4_096 : 2 * (frameSize + overhead(frameSize));
  const module = emulator({
    scheduler,
    network: outside,
    profile: note100,
    ports: frameSize === undefined ? ['at', 'at'] : ['at'],
    uart: { baudRate: BAUD_RATE, hostBuffer },
  });
  const advance = (ms: number) => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  let opened: Modem | undefined;
  let network: Network | undefined;
  modem(portsOf(module, frameSize, scheduler), { scheduler }).subscribe((ready) => {
    opened = ready;
  });
  advance(5_000);
  opened?.network({ transparent: true }).subscribe((ready) => {
    network = ready;
  });
  advance(5_000);
  if (opened === undefined || network === undefined) throw new Error('The modem did not come up.');
  return { scheduler, outside, modem: opened, network, advance };
}

function portsOf(
  module: Emulator,
  frameSize: number | undefined,
  scheduler: VirtualTimeScheduler,
): ModemPorts {
  const [control, data] = module.ports as [Transport, Transport | undefined];
  return data === undefined
    ? multiplexed(withRate(control), { scheduler, frameSize })
    : { control: withRate(control), data: withRate(data) };
}

/** The emulated UART as a port that knows its rate, as a serial port does. */
function withRate(transport: Transport): Observable<SerialLink> {
  const nothing = () => EMPTY;
  return transport.pipe(
    map((link) => ({
      ...link,
      baudRate: BAUD_RATE,
      setBaudRate: nothing,
      setLines: nothing,
      lines: () => defer(() => of({ cts: true, dsr: true, dcd: true })),
      drain: nothing,
    })),
  );
}

/** Writes again and again. */
function pour(link: Pick<ByteLink, 'write'>): void {
  link.write(CHUNK).subscribe({ complete: () => pour(link), error: () => {} });
}

/** Counts the bytes that arrive. */
function meter(link: Pick<ByteLink, 'received$'>): { bytes: number } {
  const count = { bytes: 0 };
  link.received$.subscribe({
    next: ({ length: bytes }) => {
      count.bytes += bytes;
    },
    error: () => {},
  });
  return count;
}

/** The first value of something that is opened. */
function opened<T>(rig: Rig, source: Observable<T>): T {
  let value: T | undefined;
  source.subscribe((first) => {
    value = first;
  });
  rig.advance(5_000);
  if (value === undefined) throw new Error('Nothing was opened.');
  return value;
}

/** A transparent session and its far end. */
function session(rig: Rig): { near: ByteLink; far: ByteLink } {
  let far: ByteLink | undefined;
  rig.outside.serve(PEER.host, PEER.port).subscribe((end) => {
    far = end;
  });
  const near = opened(rig, rig.network.transparent(PEER));
  if (far === undefined) throw new Error('The peer was not reached.');
  return { near, far };
}

interface Carried {
  /** The least share of the bound, of the directions that are loaded. */
  readonly share: number;
  /** The longest time of a command in ms. */
  readonly latency: number;
  readonly commands: number;
}

function carry(load: Load): Carried {
  const r = rig(load.frameSize);
  const { near, far } = session(r);
  const arrived = { in: meter(near), out: meter(far) };
  if (load.direction !== 'in') pour(near);
  if (load.direction !== 'out') pour(far);
  let latency = 0;
  let commands = 0;
  let waiting = false;
  const ask = () => {
    // The module carries out one command at a time: where frames are long, fewer fit into a second.
    if (waiting) return;
    waiting = true;
    const from = r.scheduler.now();
    r.modem.run(csq()).subscribe({
      complete: () => {
        waiting = false;
        commands += 1;
        latency = Math.max(latency, r.scheduler.now() - from);
      },
    });
  };
  const pass = (seconds: number) => {
    for (let at = 0; at < COMMANDS_PER_SECOND * seconds; at++) {
      ask();
      r.advance(1_000 / COMMANDS_PER_SECOND);
    }
  };
  pass(2);
  const before = { in: arrived.in.bytes, out: arrived.out.bytes };
  latency = 0;
  commands = 0;
  pass(SECONDS);
  const share = (towards: 'in' | 'out') =>
    (arrived[towards].bytes - before[towards]) / SECONDS / bound(load, towards, commands / SECONDS);
  const shares = load.direction === 'both' ? [share('in'), share('out')] : [share(load.direction)];
  return { share: Math.min(...shares), latency, commands };
}

/** Jain's index over buffered links that receive beside a transparent connection that does, too. */
function fairness(frameSize: number | undefined): { index: number; buffered: number; transparent: number } {
  const r = rig(frameSize);
  const { near, far } = session(r);
  const transparent = meter(near);
  pour(far);
  const counts: { bytes: number }[] = [];
  for (let link = 0; link < OTHERS; link++) {
    const host = `10.3.1.${link + 1}`;
    r.outside.serve(host, PEER.port).subscribe((end) => pour(end));
    counts.push(meter(opened(r, r.network.connect({ host, port: PEER.port }))));
  }
  r.advance(10_000);
  const before = counts.map(({ bytes }) => bytes);
  const passed = transparent.bytes;
  r.advance(60_000);
  const got = counts.map(({ bytes }, link) => bytes - (before[link] ?? 0));
  const sum = got.reduce((total, each) => total + each, 0);
  const squares = got.reduce((total, each) => total + each * each, 0);
  const index = (sum * sum) / (got.length * squares);
  return { index, buffered: sum / 60, transparent: (transparent.bytes - passed) / 60 };
}

const rows: Row[] = [];
for (const direction of ['in', 'out', 'both'] as const) {
  const two = carry({ frameSize: undefined, direction });
  rows.push({
    name: `two ports, ${direction}: goodput beside ${two.commands / SECONDS} commands a second`,
    value: two.share,
    unit: 'of the line',
    goal: { min: 0.995 },
  });
}
for (const frameSize of [31, 127, 512, 1_500]) {
  for (const direction of ['in', 'out', 'both'] as const) {
    const { share, latency, commands } = carry({ frameSize, direction });
    rows.push({
      name: `multiplexed, N1 ${frameSize}, ${direction}: goodput beside ${commands / SECONDS} commands a second`,
      value: share,
      unit: 'of the bound',
      goal: { min: 0.98 },
    });
    // What the command itself takes on the line is no waiting.
    const own = ((QUESTION + ANSWER + 2 * overhead(1)) * 1_000) / LINE_RATE;
    rows.push({
      name: `multiplexed, N1 ${frameSize}, ${direction}: the longest wait of a command`,
      value: (latency - own) / frameTime(frameSize),
      unit: 'frames',
      goal: { max: 3 },
    });
  }
}
for (const frameSize of [undefined, 127, 1_500]) {
  const { index, buffered, transparent } = fairness(frameSize);
  const how = frameSize === undefined ? 'two ports' : `multiplexed, N1 ${frameSize}`;
  rows.push({
    name: `${how}: ${OTHERS} buffered links (${buffered.toFixed(0)} B/s together) beside a transparent one (${transparent.toFixed(0)} B/s)`,
    value: index,
    unit: '(Jain)',
    goal: { min: 0.99 },
  });
}

report('Commands and data at the same time, in virtual time', rows);

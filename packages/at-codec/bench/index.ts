// How fast the decoder is, beside what people use today; what it costs, and what it holds.
//
// Everything runs in one process on the built package. Medians; MB are 10^6 bytes. Only ratios
// within one run mean something: they are what the goals are about.
import { a7600, type Dialect } from '@a7600/at-codec';
import { Report, time } from '../../../tools/bench.js';
import {
  type Contender,
  codec,
  copier,
  countLineFeeds,
  naiveRxjs,
  readline,
  readlineLatin1,
  regex,
  serialportGsm,
  split,
} from './contenders.js';
import { bufferReads, bytes, cut, linesOnly, mixed, pushedBlocks } from './streams.js';

const SIZES = [16, 64, 512, 4_096, 65_536] as const;
/** Bytes of a stream. Who is fast gets one that no cache holds; small chunks are too many for that. */
const LONG = 64_000_000;
const SHORT = 4_000_000;
type Speeds = ReadonlyMap<number, number>;

const report = new Report();

/** MB/s of one contender for each chunk size. */
async function measure(stream: Uint8Array, title: string, label: string, contender: Contender, mark = '') {
  const speeds = new Map<number, number>();
  for (const size of SIZES) {
    const part = size < 512 ? stream.subarray(0, SHORT) : stream;
    const chunks = cut(part, size);
    const ms = await time(async () => {
      await contender(chunks);
    });
    speeds.set(size, part.length / ms / 1_000);
  }
  const figures = SIZES.map((size) => ({
    name: `${title} ${label}, ${size} B`,
    value: speeds.get(size) as number,
    unit: 'MB/s',
  }));
  report.row(label, figures, mark);
  return speeds;
}

/** A goal about how often one speed goes into another, at each of these chunk sizes. */
function ratio(what: string, one: Speeds, other: Speeds, sizes: readonly number[], atLeast: number): void {
  for (const size of sizes) {
    report.figure({
      name: `${what}, ${size} B`,
      value: (one.get(size) as number) / (other.get(size) as number),
      unit: 'x',
      goal: { atLeast },
    });
  }
}

/** The same without a goal. */
function compare(what: string, one: Speeds, other: Speeds): void {
  for (const size of LARGE) {
    const value = (one.get(size) as number) / (other.get(size) as number);
    report.figure({ name: `${what}, ${size} B`, value, unit: 'x' });
  }
}

function head(title: string): void {
  report.heading(
    `${title}, MB/s${SIZES.map((size) => `${size} B`.padStart(9))
      .join('')
      .padStart(90 - title.length - 6)}`,
  );
}

const LARGE = [512, 4_096, 65_536];

async function lines(): Promise<void> {
  const stream = linesOnly(SHORT);
  const title = '(a) lines';
  head(title);
  await assertSame(stream);
  const ours = await measure(stream, title, '@a7600/at-codec, decodeAt', codec());
  const theirs = await measure(stream, title, 'parser-readline, classified', readline('classify'));
  await measure(stream, title, 'parser-regex, classified', regex('classify'));
  await measure(stream, title, 'split2, classified', split('classify'));
  await measure(stream, title, 'serialport-gsm, classified', serialportGsm('classify'));
  await measure(stream, title, 'RxJS scan + split, classified', naiveRxjs('classify'));
  const table = await measure(stream, title, 'parser-readline, table of names', readline('look up'));
  const floor = await measure(stream, title, 'floor: indexOf counts line feeds', countLineFeeds);
  await measure(stream, title, 'floor: memory copy', copier(stream.length));
  ratio('(a) faster than parser-readline with the same classification', ours, theirs, LARGE, 10);
  ratio('(a) faster than parser-readline with the same classification', ours, theirs, [16], 5);
  ratio('(a) share of the indexOf floor', ours, floor, LARGE, 0.5);
  compare('(a) faster than parser-readline with a table of names', ours, table);
}

async function payload(title: string, stream: Uint8Array): Promise<void> {
  const few = stream.subarray(0, SHORT);
  const wrong = 'wrong: payload cut, fakes believed';
  const name = title.slice(0, 3);
  head(title);
  const ours = await measure(few, title, '@a7600/at-codec, decodeAt', codec());
  const theirs = [
    await measure(few, title, 'parser-readline', readline('count'), wrong),
    await measure(few, title, 'parser-regex', regex('count'), wrong),
    await measure(few, title, 'split2', split('count'), wrong),
    await measure(few, title, 'serialport-gsm', serialportGsm('count'), wrong),
    await measure(few, title, 'RxJS scan + split', naiveRxjs('count'), wrong),
  ];
  const latin1 = await measure(few, title, 'parser-readline, latin1', readlineLatin1, wrong);
  const fastest = new Map(
    SIZES.map((size) => [size, Math.max(...theirs.map((of) => of.get(size) as number))]),
  );
  const long = await measure(stream, title, '@a7600/at-codec, decodeAt, 64 MB', codec());
  const copy = await measure(stream, title, 'floor: memory copy, 64 MB', copier(stream.length));
  ratio(`${name} faster than the fastest line parser`, ours, fastest, LARGE, 30);
  ratio(`${name} share of the memory copy`, long, copy, [4_096, 65_536], 0.2);
  compare(`${name} faster than parser-readline in latin1`, ours, latin1);
}

/** Whoever is compared on lines has to report the same lines. */
async function assertSame(stream: Uint8Array): Promise<void> {
  const chunks = cut(stream, 512);
  const expected = JSON.stringify(await codec()(chunks));
  for (const contender of [
    readline('classify'),
    regex('classify'),
    split('classify'),
    serialportGsm('classify'),
    naiveRxjs('classify'),
  ]) {
    const seen = JSON.stringify(await contender(chunks));
    if (seen !== expected) throw new Error(`A contender reports ${seen}, the decoder ${expected}.`);
  }
}

/** What must not make an event dearer. */
async function scaling(): Promise<void> {
  report.heading('What an event costs, as a multiple');
  const short = cut(linesOnly(1_000_000), 512);
  const long = cut(linesOnly(16_000_000), 512);
  const perByte = async (chunks: readonly Uint8Array[], contender: Contender) => {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return (await time(async () => void (await contender(chunks)), { rounds: 9 })) / length;
  };
  const base = await perByte(short, codec());
  const goal = { atMost: 1.3 };
  report.figure({
    name: 'in a stream of 16 times as many chunks',
    value: (await perByte(long, codec())) / base,
    unit: 'x',
    goal,
  });

  const urcs = Array.from({ length: 9 }, (_, round) =>
    a7600.urcs.map((urc) => ({ ...urc, text: `${urc.text}${'ABCDEFGHI'[round]}` })),
  ).flat();
  const larger: Dialect = { ...a7600, name: 'larger', urcs: [...a7600.urcs, ...urcs] };
  report.figure({
    name: 'with ten times as many URCs',
    value: (await perByte(short, codec(larger))) / base,
    unit: 'x',
    goal,
  });

  const ofLength = (length: number) =>
    cut(bytes(`\r\n+COPS: ${'x'.repeat(length)}\r\n`.repeat(2_000_000 / length)), 4_096);
  const [some, more] = [await perByte(ofLength(400), codec()), await perByte(ofLength(3_200), codec())];
  report.figure({ name: 'per byte, in lines eight times as long', value: more / some, unit: 'x', goal });

  const flood = async (unit: string, length: number) =>
    perByte(cut(bytes(unit.repeat(length / unit.length)), 65_536), codec());
  for (const [what, unit] of [
    ['one endless line', 'y'],
    ['endless line ends', '\r\n'],
    ['endless prompts', '>'],
  ] as const) {
    const value = (await flood(unit, 8_000_000)) / (await flood(unit, 1_000_000));
    report.figure({ name: `per byte, in eight times as much of ${what}`, value, unit: 'x', goal });
  }
}

/** 1 GiB through one decoder: what the heap holds after each 64 MiB. */
async function heap(): Promise<void> {
  report.heading('Heap');
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Run with --expose-gc.');
  const chunks = cut(mixed(4 << 20), 4_096);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const step = 64 << 20;
  const used: number[] = [];
  let pushed = 0;
  const run = function* () {
    for (; pushed < 2 ** 30 + step; pushed += length) yield* chunks;
  };
  codec()({
    [Symbol.iterator]: function* () {
      let next = step;
      let done = 0;
      for (const chunk of run()) {
        yield chunk;
        done += chunk.length;
        if (done < next) continue;
        next += step;
        gc();
        used.push(process.memoryUsage().heapUsed / 2 ** 20);
      }
    },
  } as unknown as readonly Uint8Array[]);
  const settled = used.slice(1);
  const [least, most] = [Math.min(...settled), Math.max(...settled)];
  report.figure({ name: 'stream decoded', value: pushed / 2 ** 30, unit: 'GiB', goal: { atLeast: 1 } });
  report.figure({
    name: 'heap, half of what it moves by after warm-up',
    value: (most - least) / 2,
    unit: 'MiB',
    goal: { atMost: 2 },
  });
}

console.log(`@a7600/at-codec, as built, on Node ${process.version}. Medians; only ratios mean something.`);
await heap();
await lines();
await payload('(b) pushed payload', pushedBlocks(LONG));
await payload('(c) buffer reads', bufferReads(LONG));
await scaling();
report.finish();

// How fast the decoder is, beside what people use today; what it costs, and what it holds.
//
// Both sides of a ratio run in one process, on the built package; each kind of stream has a process
// of its own, as it would have in use: the engine compiles a decoder for what it has seen. MB are
// 10^6 bytes, seconds those of the processor. Only ratios within one run mean something: they are
// what the goals are about. --check and --json FILE as everywhere.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Row, report } from '../../../tools/bench.js';
import { heap, scaling } from './constant.js';
import {
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
import { fastest, LARGE, measure, ratios, SHORT } from './measure.js';
import { bufferReads, cut, linesOnly, pushedBlocks } from './streams.js';

/** Bytes of a stream for those who are fast: more than a cache holds. */
const LONG = 64_000_000;

async function lines(): Promise<Row[]> {
  const stream = linesOnly(SHORT);
  await assertSame(stream);
  const [ours, theirs, table, floor] = await measure('(a) lines', stream, [
    ['@a7600/at-codec, decodeAt', codec()],
    ['parser-readline, classified', readline('classify')],
    ['parser-readline, table of names', readline('look up')],
    ['floor: indexOf counts line feeds', countLineFeeds],
    ['floor: memory copy', copier(stream.length)],
    ['parser-regex, classified', regex('classify')],
    ['split2, classified', split('classify')],
    ['serialport-gsm, classified', serialportGsm('classify')],
    ['RxJS scan + split, classified', naiveRxjs('classify')],
  ]);
  return [
    ...ratios('(a) to parser-readline with the same classification', ours, theirs, [16], 5),
    ...ratios('(a) to parser-readline with the same classification', ours, theirs, LARGE, 10),
    ...ratios('(a) to the indexOf floor', ours, floor, LARGE, 0.5),
    ...ratios('(a) to parser-readline with a table of names', ours, table, LARGE),
  ];
}

async function payload(title: string, stream: Uint8Array): Promise<Row[]> {
  const wrong = 'wrong: payload cut, fakes believed';
  const name = title.slice(0, 3);
  const [ours, latin1, ...theirs] = await measure(title, stream.subarray(0, SHORT), [
    ['@a7600/at-codec, decodeAt', codec()],
    ['parser-readline, latin1', readlineLatin1, wrong],
    ['parser-readline', readline('count'), wrong],
    ['parser-regex', regex('count'), wrong],
    ['split2', split('count'), wrong],
    ['serialport-gsm', serialportGsm('count'), wrong],
    ['RxJS scan + split', naiveRxjs('count'), wrong],
  ]);
  const [long, copy] = await measure(`${title}, 64 MB`, stream, [
    ['@a7600/at-codec, decodeAt', codec()],
    ['floor: memory copy', copier(stream.length)],
  ]);
  return [
    ...ratios(`${name} to the fastest line parser`, ours, fastest(theirs), LARGE, 30),
    ...ratios(`${name} to the memory copy`, long, copy, [4_096, 65_536], 0.2),
    ...ratios(`${name} to parser-readline in latin1`, ours, latin1, LARGE),
  ];
}

/** Whoever is compared on lines has to report the same lines. */
async function assertSame(stream: Uint8Array): Promise<void> {
  const chunks = cut(stream, 512);
  const expected = JSON.stringify(await codec()(chunks));
  for (const contender of [readline, regex, split, serialportGsm, naiveRxjs]) {
    const seen = JSON.stringify(await contender('classify')(chunks));
    if (seen !== expected) throw new Error(`${contender.name} reports ${seen}, the decoder ${expected}.`);
  }
}

const SECTIONS: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  lines,
  pushes: () => payload('(b) pushed payload', pushedBlocks(LONG)),
  reads: () => payload('(c) buffer reads', bufferReads(LONG)),
  scaling,
  heap,
};

/** Runs a section in a process of its own. */
async function apart(section: string): Promise<Row[]> {
  const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, SECTION: section } });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`The measurement of ${section} has failed.`);
  });
  const [rows] = (await Promise.race([once(child, 'message'), failed])) as [Row[]];
  return rows;
}

const { SECTION = '' } = process.env;
const section = SECTIONS[SECTION];
if (section === undefined) {
  console.log(`@a7600/at-codec, as built, on Node ${process.version}.`);
  const rows: Row[] = [];
  for (const name of Object.keys(SECTIONS)) rows.push(...(await apart(name)));
  report('Ratios within this run', rows);
} else process.send?.(await section());

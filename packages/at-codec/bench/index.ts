// How fast the decoder is, beside what people use today; what it costs, and what it holds.
//
// Everything runs in one process on the built package. Medians; MB are 10^6 bytes. Only ratios
// within one run mean something: they are what the goals are about.
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
import { fastest, head, LARGE, ratios, SHORT, speedOf } from './measure.js';
import { bufferReads, cut, linesOnly, pushedBlocks } from './streams.js';

/** Bytes of a stream for those who are fast: more than a cache holds. */
const LONG = 64_000_000;

async function lines(): Promise<Row[]> {
  const stream = linesOnly(SHORT);
  await assertSame(stream);
  head('(a) lines, MB/s');
  const ours = await speedOf('@a7600/at-codec, decodeAt', stream, codec());
  const theirs = await speedOf('parser-readline, classified', stream, readline('classify'));
  await speedOf('parser-regex, classified', stream, regex('classify'));
  await speedOf('split2, classified', stream, split('classify'));
  await speedOf('serialport-gsm, classified', stream, serialportGsm('classify'));
  await speedOf('RxJS scan + split, classified', stream, naiveRxjs('classify'));
  const table = await speedOf('parser-readline, table of names', stream, readline('look up'));
  const floor = await speedOf('floor: indexOf counts line feeds', stream, countLineFeeds);
  await speedOf('floor: memory copy', stream, copier(stream.length));
  return [
    ...ratios('(a) to parser-readline with the same classification', ours, theirs, [16], 5),
    ...ratios('(a) to parser-readline with the same classification', ours, theirs, LARGE, 10),
    ...ratios('(a) to the indexOf floor', ours, floor, LARGE, 0.5),
    ...ratios('(a) to parser-readline with a table of names', ours, table, LARGE),
  ];
}

async function payload(title: string, stream: Uint8Array): Promise<Row[]> {
  const part = stream.subarray(0, SHORT);
  const wrong = 'wrong: payload cut, fakes believed';
  const name = title.slice(0, 3);
  head(`${title}, MB/s`);
  const ours = await speedOf('@a7600/at-codec, decodeAt', part, codec());
  const theirs = [
    await speedOf('parser-readline', part, readline('count'), wrong),
    await speedOf('parser-regex', part, regex('count'), wrong),
    await speedOf('split2', part, split('count'), wrong),
    await speedOf('serialport-gsm', part, serialportGsm('count'), wrong),
    await speedOf('RxJS scan + split', part, naiveRxjs('count'), wrong),
  ];
  const latin1 = await speedOf('parser-readline, latin1', part, readlineLatin1, wrong);
  const long = await speedOf('@a7600/at-codec, decodeAt, 64 MB', stream, codec());
  const copy = await speedOf('floor: memory copy, 64 MB', stream, copier(stream.length));
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

console.log(`@a7600/at-codec, as built, on Node ${process.version}.`);
const flat = heap();
report('Ratios within this run', [
  ...(await lines()),
  ...(await payload('(b) pushed payload', pushedBlocks(LONG))),
  ...(await payload('(c) buffer reads', bufferReads(LONG))),
  ...(await scaling()),
  ...flat,
]);

// How fast the decoder is, beside what people use today and what can be built by hand.
//
// Each side does its best for the same result: on lines, all contenders must report the same texts and
// the same values before anything is measured. Both sides of a ratio run in one process, on the built
// package, in turns; a ratio is the median of the rounds' ratios, its quartiles stand beside it. Each
// kind of stream has a process of its own, as it would have in use: the engine compiles a decoder for
// what it has seen. MB are 10^6 bytes, seconds those of the processor. --check and --json FILE as everywhere.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Row, report } from '../../../tools/bench.js';
import { heap, scaling } from './constant.js';
import {
  byHand,
  codec,
  copier,
  findLineFeeds,
  naiveRxjs,
  readline,
  readlineLatin1,
  regex,
  serialportGsm,
  split,
  type Work,
} from './contenders.js';
import { assertSame, fastest, LARGE, LENGTH, measure, ratios, SMALL } from './measure.js';
import { codecPayload, framer, type PayloadWork } from './payload.js';
import { bufferReads, linesOnly, pushedBlocks } from './streams.js';

const OURS = '@a7600/at-codec';

/**
 * Events only: what the decoder costs before anybody reads a line. The floor finds line feeds and makes nothing, the
 * decoder also makes an object for each line, which says what it is: no decoder reaches 1. 0.45 is where the aim is.
 */
async function events(): Promise<Row[]> {
  const stream = linesOnly(LENGTH);
  const [ours, floor] = await measure('(a) lines, events only', stream, [
    [OURS, codec()],
    ['floor: Buffer.indexOf finds line feeds', findLineFeeds],
  ]);
  return ratios('(a) events to the search for line feeds', ours, floor, LARGE, 0.45);
}

/** The same work by everybody, verified: the text of each line, or the value of each URC. */
async function sameWork(work: Work, title: string, large: number, small: number): Promise<Row[]> {
  const stream = linesOnly(LENGTH);
  const all = (does: Work) =>
    [
      [OURS, codec(does)],
      ['split2', split(does)],
      ['parser-regex', regex(does)],
      ['by hand: Buffer.indexOf and latin1Slice', byHand(does)],
      ['parser-readline', readline(does)],
      ['serialport-gsm', serialportGsm(does)],
      ['RxJS scan + split', naiveRxjs(does)],
    ] as const;
  await assertSame(stream, all(work === 'values' ? 'sums' : work));
  const [ours, splitting, expression, hand] = await measure(`(a) lines, ${title}`, stream, all(work));
  const peers = fastest([splitting, expression]);
  return [
    ...ratios(`(a) ${title} to the faster of split2 and parser-regex`, ours, peers, LARGE, large),
    ...ratios(`(a) ${title} to the faster of split2 and parser-regex`, ours, peers, SMALL, small),
    ...ratios(`(a) ${title} to a loop by hand`, ours, hand, [...SMALL, ...LARGE]),
  ];
}

/**
 * Blocks that are handed on, and the values of the URCs between them. The only correct peer there is is written here,
 * as the registries have none; the line parsers are printed, but what they do wrong is no work to compare with.
 *
 * The goal is 1.5 times that peer, which copies a line that two chunks share and makes a string of each. Of pushed
 * blocks in large chunks it is 0.9, which is as fast, less the tenth by which a median moves: most of that time goes into
 * the values of the lines between them, which both sides make alike.
 */
async function payload(title: string, stream: Uint8Array, large: number): Promise<Row[]> {
  const name = title.slice(0, 3);
  const all = (does: PayloadWork) =>
    [
      [OURS, codecPayload(does)],
      ['by hand, with lengths', framer(does)],
    ] as const;
  await assertSame(stream, all('sums'));
  const wrong = 'wrong: payload cut, fakes believed; values not read';
  const less = 'the values not read';
  const [ours, hand, ourLines, handLines] = await measure(title, stream, [
    ...all('values'),
    [`${OURS}, events only`, codecPayload('count'), less],
    ['by hand, with lengths, lines not told apart', framer('count'), less],
    ['floor: memory copy', copier(stream.length)],
    ['parser-readline, latin1', readlineLatin1('count'), wrong],
    ['split2', split('count'), wrong],
    ['parser-regex', regex('count'), wrong],
    ['serialport-gsm', serialportGsm('count'), wrong],
    ['RxJS scan + split', naiveRxjs('count'), wrong],
  ]);
  return [
    ...ratios(`${name} and values to a framer by hand`, ours, hand, LARGE, large),
    ...ratios(`${name} and values to a framer by hand`, ours, hand, SMALL, 1.5),
    ...ratios(`${name} events only to a framer that tells no lines apart`, ourLines, handLines, LARGE),
  ];
}

const SECTIONS: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  events,
  // docs/performance.md tells which of these goals are missed, and why.
  text: () => sameWork('text', 'text', 1, 1),
  values: () => sameWork('values', 'typed values', 1.5, 1),
  pushes: () => payload('(b) pushed payload', pushedBlocks(LENGTH), 0.9),
  reads: () => payload('(c) buffer reads', bufferReads(LENGTH), 1.5),
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
  report('Ratios within this run, and their quartiles', rows);
} else process.send?.(await section());

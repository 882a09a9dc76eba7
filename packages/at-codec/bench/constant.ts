// What has to stay the same however much comes in: the cost of an event, and the heap.
import { a7600, type Dialect } from '@a7600/at-codec';
import { paired, type Row } from '../../../tools/bench.js';
import { type Contender, codec } from './contenders.js';
import { takeTurns } from './measure.js';
import { bytes, cut, linesOnly, mixed } from './streams.js';

/** How much dearer something may become that should not, timing noise included. */
const CONSTANT = { max: 1.3 };

/** What must not make a byte dearer, as multiples of its cost without that. */
export async function scaling(): Promise<Row[]> {
  const short = cut(linesOnly(1_000_000), 512);
  const larger = codec('count', withTenTimesTheUrcs());
  // The same chunks over and over, so that it is not the memory's speed that is measured.
  const again = (chunks: readonly Uint8Array[], times: number) =>
    Array.from({ length: times }, () => chunks).flat();
  const flood = (frame: string, times: number) => again([bytes(frame.repeat(65_536 / frame.length))], times);
  return [
    await dearer('in 16 times as many chunks', again(short, 16), short),
    await dearer('with ten times as many URCs', short, short, larger),
    await dearer('in lines eight times as long', linesOf(3_200), linesOf(400)),
    await dearer('of one line without an end, eight times as long', flood('y', 128), flood('y', 16)),
    await dearer('of line ends, eight times as many', flood('\r\n', 128), flood('\r\n', 16)),
    await dearer('of prompts, eight times as many', flood('>', 128), flood('>', 16)),
  ];
}

/** The cost of a byte in `chunks` as a multiple of that in `others`. */
async function dearer(
  what: string,
  chunks: readonly Uint8Array[],
  others: readonly Uint8Array[],
  contender: Contender = codec(),
): Promise<Row> {
  const usual = codec();
  const [some, other] = await takeTurns([() => contender(chunks), () => usual(others)], 15);
  const ratio = lengthOf(others) / lengthOf(chunks);
  const pairs = (some ?? []).map((time, round) => (time / (other?.[round] ?? Number.NaN)) * ratio);
  return { name: `cost of a byte ${what}`, ...paired(pairs), unit: 'x', goal: CONSTANT };
}

const lengthOf = (chunks: readonly Uint8Array[]) => chunks.reduce((sum, { length }) => sum + length, 0);

/** In long chunks: a line that two of them share is copied to a buffer of its own, whose cost is the allocator's. */
const linesOf = (length: number) =>
  cut(bytes(`\r\n+COPS: ${'x'.repeat(length)}\r\n`.repeat(2_000_000 / length)), 65_536);

function withTenTimesTheUrcs(): Dialect {
  const others = [...'ABCDEFGHI'].flatMap((letter) =>
    a7600.urcs.map((urc) => ({ ...urc, text: `${urc.text}${letter}` })),
  );
  return { ...a7600, name: 'larger', urcs: [...a7600.urcs, ...others] };
}

/** 1 GiB and a warm-up through one decoder: how the heap moves from each 64 MiB to the next. */
export function heap(): Row[] {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Run with --expose-gc.');
  const chunks = cut(mixed(4 << 20), 4_096);
  const step = 64 << 20;
  const used: number[] = [];
  let pushed = 0;
  function* stream() {
    for (let next = step; pushed < 2 ** 30 + step; ) {
      for (const chunk of chunks) {
        yield chunk;
        pushed += chunk.length;
      }
      if (pushed < next) continue;
      next += step;
      gc?.();
      used.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
  codec()(stream());
  const settled = used.slice(1);
  return [
    { name: 'stream decoded for the heap', value: pushed / 2 ** 30, unit: 'GiB', goal: { min: 1 } },
    {
      name: 'heap after warm-up, half of what it moves by',
      value: (Math.max(...settled) - Math.min(...settled)) / 2,
      unit: 'MiB',
      goal: { max: 2 },
    },
  ];
}

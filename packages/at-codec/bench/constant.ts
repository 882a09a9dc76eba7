// What has to stay the same however much comes in: the cost of an event, and the heap.
import { a7600, type Dialect } from '@a7600/at-codec';
import type { Row } from '../../../tools/bench.js';
import { type Contender, codec } from './contenders.js';
import { time } from './measure.js';
import { bytes, cut, linesOnly, mixed } from './streams.js';

/** How much dearer something may become that should not, timing noise included. */
const CONSTANT = { max: 1.3 };

/** What must not make a byte dearer, as multiples of its cost without that. */
export async function scaling(): Promise<Row[]> {
  const short = cut(linesOnly(1_000_000), 512);
  const base = await perByte(short);
  const more = await perByte(cut(linesOnly(16_000_000), 512));
  const larger = await perByte(short, codec(withTenTimesTheUrcs()));
  const [some, longer] = [await perByte(linesOf(400)), await perByte(linesOf(3_200))];
  const rows = [
    multiple('in 16 times as many chunks', more / base),
    multiple('with ten times as many URCs', larger / base),
    multiple('in lines eight times as long', longer / some),
  ];
  for (const [what, unit] of [
    ['one endless line', 'y'],
    ['endless line ends', '\r\n'],
    ['endless prompts', '>'],
  ] as const) {
    rows.push(
      multiple(
        `in eight times as much of ${what}`,
        (await flood(unit, 8_000_000)) / (await flood(unit, 1_000_000)),
      ),
    );
  }
  return rows;
}

function multiple(what: string, value: number): Row {
  return { name: `cost of a byte ${what}`, value, unit: 'x', goal: CONSTANT };
}

async function perByte(chunks: readonly Uint8Array[], contender: Contender = codec()): Promise<number> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return (await time(() => contender(chunks), { rounds: 9 })) / length;
}

const flood = (unit: string, length: number) =>
  perByte(cut(bytes(unit.repeat(length / unit.length)), 65_536));

const linesOf = (length: number) =>
  cut(bytes(`\r\n+COPS: ${'x'.repeat(length)}\r\n`.repeat(2_000_000 / length)), 4_096);

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

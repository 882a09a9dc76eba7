import { inTurns, median, paired, type Row, report } from '../../../tools/bench.js';
import { type Contest, contests, type Way } from './contests.js';
import type { FarEnd } from './far.js';
import { type Line, sendAll } from './line.js';

const CHUNKS = [512, 4_096, 65_536];
const { ONLY: only = '' } = process.env;
/** Rounds in front that are not counted: what runs for the first time is measured as it is compiled. */
const WARM_UP = 2;
/**
 * Each comparison has its turn so many times, so that its rounds are spread over the run: the machine may be in another
 * state for minutes, in which a ratio is another one, too.
 */
const TURNS = 5;
/**
 * What is asked of each link: of the throughput of what it wraps, and of its processor time. It is to cost nothing, so
 * that both are 1, and medians of whole runs are up to 0.1 beside that by themselves; half as much again is for the link.
 */
const THROUGHPUT = { min: 0.85 };
const PROCESSOR_TIME = { max: 1.25 };

interface Measured {
  /** Bytes per second. */
  readonly rate: number;
  /** Seconds of this process per byte. */
  readonly cpu: number;
}

async function measure(line: Line, far: FarEnd, way: Way, bytes: number, chunk: number): Promise<Measured> {
  let received = 0;
  let finished = () => {};
  line.onData((count) => {
    received += count;
    if (received === bytes) finished();
  });
  if (way === 'out') await far.order({ count: bytes });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  if (way === 'in') {
    const all = new Promise<void>((resolve) => {
      finished = resolve;
    });
    await far.order({ send: bytes, chunk: chunk });
    await all;
  } else {
    const counted = far.counted();
    await sendAll(line, bytes, chunk);
    await counted;
  }
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  return { rate: bytes / seconds, cpu: (used.user + used.system) / 1e6 / bytes };
}

async function oneRound(contest: Contest, ours: boolean, way: Way, chunk: number): Promise<Measured> {
  const { line, far } = await contest.open(ours);
  const measured = await measure(line, far, way, contest.bytes, chunk);
  await line.close();
  return measured;
}

interface Ratios {
  readonly rate: number;
  readonly cpu: number;
  /** Ours, in bytes per second. */
  readonly ours: number;
}

/** One way of a contest with chunks of one size, and what was measured of it. */
class Comparison {
  readonly contest: Contest;
  readonly way: Way;
  readonly chunk: number;
  readonly ratios: Ratios[] = [];
  private rounds = -WARM_UP;

  constructor(contest: Contest, way: Way, chunk: number) {
    this.contest = contest;
    this.way = way;
    this.chunk = chunk;
  }

  /** Rounds until the time of a turn is over, each of ours and of the bare thing. */
  async turn(): Promise<void> {
    const { contest, way, chunk } = this;
    const start = performance.now();
    do {
      const side = (isOurs: boolean) => () => oneRound(contest, isOurs, way, chunk);
      const [ours, bare] = await inTurns(this.rounds, side(true), side(false));
      if (this.rounds >= 0)
        this.ratios.push({ rate: ours.rate / bare.rate, cpu: ours.cpu / bare.cpu, ours: ours.rate });
      this.rounds += 1;
    } while (this.rounds <= 0 || performance.now() - start < contest.turn(way));
  }

  rows(): Row[] {
    const { contest, ratios } = this;
    const name = `${contest.name}, ${this.way}, ${this.chunk} B`;
    const [rate, cpu] = contest.noGoal ? [undefined, undefined] : [THROUGHPUT, PROCESSOR_TIME];
    return [
      {
        name: `${name}: throughput to bare`,
        ...paired(ratios.map(({ rate }) => rate)),
        unit: '×',
        goal: rate,
      },
      { name: `${name}: CPU per MiB to bare`, ...paired(ratios.map(({ cpu }) => cpu)), unit: '×', goal: cpu },
      { name: `${name}: throughput`, value: median(ratios.map(({ ours }) => ours)) / 1e6, unit: 'MB/s' },
    ];
  }
}

const comparisons = contests
  .filter(({ name }) => name.includes(only))
  .flatMap((contest) =>
    contest.ways.flatMap((way) => CHUNKS.map((chunk) => new Comparison(contest, way, chunk))),
  );
for (let turn = 1; turn <= TURNS; turn++) {
  for (const comparison of comparisons) {
    await comparison.turn();
    const [rate, cpu] = comparison.rows();
    const { contest, way, chunk } = comparison;
    const shown = [rate, cpu].map((row) => row?.value.toFixed(2)).join(', CPU ');
    console.log(`${turn} of ${TURNS}: ${contest.name}, ${way}, ${chunk} B: ${shown} of bare so far`);
  }
}
report(
  'Links against the bare things they wrap',
  comparisons.flatMap((comparison) => comparison.rows()),
);
process.exit();

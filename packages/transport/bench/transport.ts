import { median, type Row, report } from '../../../tools/bench.js';
import { type Contest, contests, type Way } from './contests.js';
import type { FarEnd } from './far.js';
import { type Line, sendAll } from './line.js';

const CHUNKS = [512, 4_096, 65_536];
const { ONLY: only = '' } = process.env;
/** Rounds in front that are not counted: what runs for the first time is measured as it is compiled. */
const WARM_UP = 2;
/** Counted rounds of a comparison at the least and at the most, and the time in ms after which no further one begins. */
const LEAST_ROUNDS = 5;
const MOST_ROUNDS = 61;
const TIME = 5_000;

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
  const measured = await measure(line, far, way, contest.bytes(chunk, way), chunk);
  await line.close();
  return measured;
}

/** Ours against the bare thing, in turns: who is measured first has no advantage in the end. */
async function compared(contest: Contest, way: Way, chunk: number) {
  const ratios: { rate: number; cpu: number; ours: number }[] = [];
  const start = performance.now();
  const isDue = (round: number) => round < LEAST_ROUNDS || performance.now() - start < TIME;
  for (let round = -WARM_UP; round < MOST_ROUNDS && isDue(round); round++) {
    const first = await oneRound(contest, round % 2 === 0, way, chunk);
    const second = await oneRound(contest, round % 2 !== 0, way, chunk);
    const [ours, bare] = round % 2 === 0 ? [first, second] : [second, first];
    if (round >= 0) ratios.push({ rate: ours.rate / bare.rate, cpu: ours.cpu / bare.cpu, ours: ours.rate });
  }
  return ratios;
}

const rows: Row[] = [];
for (const contest of contests) {
  if (!contest.name.includes(only)) continue;
  for (const way of contest.ways) {
    for (const chunk of CHUNKS) {
      const ratios = await compared(contest, way, chunk);
      const name = `${contest.name}, ${way}, ${chunk} B`;
      const [rate, cpu] = contest.noGoal ? [undefined, undefined] : [{ min: 0.9 }, { max: 1.2 }];
      const measured = {
        rate: median(ratios.map(({ rate }) => rate)),
        cpu: median(ratios.map(({ cpu }) => cpu)),
        speed: median(ratios.map(({ ours }) => ours)) / 1e6,
      };
      rows.push(
        { name: `${name}: throughput to bare`, value: measured.rate, unit: '×', goal: rate },
        { name: `${name}: CPU per MiB to bare`, value: measured.cpu, unit: '×', goal: cpu },
        { name: `${name}: throughput`, value: measured.speed, unit: 'MB/s' },
      );
      const shown = `${measured.speed.toFixed(0)} MB/s, ${measured.rate.toFixed(2)} of bare, CPU ${measured.cpu.toFixed(2)}`;
      console.log(`${name}: ${shown} (${ratios.length} rounds)`);
    }
  }
}
report('Links against the bare things they wrap', rows);
process.exit();

// How much of what framing and turnaround allow goes into payload, in virtual time, so that the
// figures are the same on every machine and in every run.
import { type Row, report } from '../../../tools/bench.js';
import { carry, commandsBeforeConnect, type Direction, type Load, type Mode } from './load.js';

const BAUD_RATES = [115_200, 460_800, 921_600, 3_000_000] as const;
/** Times in ms from the end of what the host sent to the first byte of the answer. */
const TURNAROUNDS = [0, 2, 10] as const;
const DIRECTIONS: readonly Direction[] = ['in', 'out', 'both'];
const LINKS = [1, 4, 10] as const;
const MODES: readonly Mode[] = ['buffer', 'hex', 'push', 'transparent'];

/** The share of the bound that has to be reached. The bound cannot be exceeded but by shorter numbers in the texts. */
const GOAL = 0.99;

const rows: Row[] = [];
for (const mode of MODES) {
  for (const direction of DIRECTIONS) {
    for (const links of mode === 'transparent' ? [1] : LINKS) {
      let fairness = 1;
      for (const baudRate of BAUD_RATES) {
        for (const turnaround of TURNAROUNDS) {
          const load: Load = { mode, direction, links, baudRate, turnaround };
          const carried = carry(load);
          fairness = Math.min(fairness, carried.fairness);
          const figures = `${kilobytes(carried.goodput)} of ${kilobytes(carried.bound)} kB/s`;
          rows.push({
            name: `${mode}, ${direction}, ${plural(links)}, ${baudRate} baud, ${turnaround} ms: ${figures}`,
            value: carried.goodput / carried.bound,
            unit: 'of the bound',
            goal: { min: GOAL },
          });
        }
      }
      if (links === 1) continue;
      const name = `${mode}, ${direction}, ${plural(links)}: the least fairness of these`;
      rows.push({ name, value: fairness, unit: '(Jain)', goal: { min: 0.99 } });
    }
  }
}

for (const mode of ['buffer', 'push'] as const) {
  rows.push({
    name: `${mode}, both, 9 links: commands before the one of a connect under full load`,
    value: commandsBeforeConnect({ mode, direction: 'both', links: 9, baudRate: 115_200, turnaround: 2 }),
    unit: 'commands at the most',
    goal: { max: 2 },
  });
}

for (const turnaround of TURNAROUNDS) {
  const load = { mode: 'buffer', direction: 'in', links: 10, baudRate: 3_000_000, turnaround } as const;
  const alone = carry(load).goodput;
  for (const joinedReads of [4, 10]) {
    const { goodput } = carry({ ...load, joinedReads });
    rows.push({
      name: `buffer, in, 10 links, 3000000 baud, ${turnaround} ms, ${joinedReads} reads on a line: ${kilobytes(goodput)} kB/s`,
      value: goodput / alone,
      unit: 'times one read on a line',
    });
  }
}

report('Goodput in virtual time, as a share of what framing and turnaround allow', rows);

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(2);
}

function plural(links: number): string {
  return `${links} link${links > 1 ? 's' : ''}`;
}

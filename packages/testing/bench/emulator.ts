// npm run bench:emulator: how fast the emulator is, and how little it needs.
import { VirtualTimeScheduler } from 'rxjs';
import { type Row, report } from '../../../tools/bench.js';
import { bytesOf, connectedDriver, openDriver, pour } from './driver.js';
import { medianOf, memoryInUse, rate } from './measure.js';
import { modes } from './modes.js';
import { type Raw, rawPair, rawPty } from './raw.js';

/** Simulated seconds per second that a UART at 115200 baud should reach at full load. */
const SPEED_UP = 500;
const INSTANCES = 100;
/** Chunks of one step of unpaced traffic. */
const CHUNKS = 40;
const MB = 1_000_000;
const KIB = 1_024;

const rows: Row[] = [];
const pair = await rawPair();
const pty = await rawPty();
rows.push({ name: 'bare pair in memory', value: pair.bytes / MB, unit: 'MB/s' });
rows.push({ name: 'bare pair in memory, question and answer', value: pair.exchanges, unit: '/s' });
if (pty !== undefined) {
  rows.push({ name: 'raw pty', value: pty.bytes / MB, unit: 'MB/s' });
  rows.push({ name: 'raw pty, question and answer', value: pty.exchanges, unit: '/s' });
}

for (const mode of modes) {
  const { driver, go, payload } = mode.start({});
  const step = () => {
    go(CHUNKS);
    driver.advance(1_000);
  };
  const bytes = await medianOf(() => rate(step, payload));
  rows.push(
    { name: `unpaced: ${mode.name}`, value: bytes / MB, unit: 'MB/s' },
    ...ratios(mode.name, bytes, 'bytes'),
  );
}

const commands = openDriver({});
commands.run('ATE0');
let answered = 0;
commands.onHeard = () => {
  answered += 1;
};
const command = bytesOf('AT+CSQ\r');
const perSecond = await medianOf(() =>
  rate(
    () => commands.send(command),
    () => answered,
  ),
);
rows.push(
  { name: 'unpaced: commands', value: perSecond, unit: '/s' },
  ...ratios('commands', perSecond, 'exchanges'),
);

for (const mode of modes) {
  const { driver, go } = mode.start({ uart: {} });
  go(Number.POSITIVE_INFINITY);
  driver.advance(1_000);
  const simulated = await medianOf(() =>
    rate(
      () => driver.advance(100),
      () => driver.scheduler.now() / 1_000,
    ),
  );
  rows.push({
    name: `virtual time at 115200 baud: ${mode.name}`,
    value: simulated,
    unit: 's/s',
    goal: { min: SPEED_UP },
  });
}

const scheduler = new VirtualTimeScheduler(undefined, 0);
const before = memoryInUse();
const many = Array.from({ length: INSTANCES }, () => connectedDriver({ uart: {} }, [], scheduler));
const idle = memoryInUse() - before;
rows.push({
  name: `${INSTANCES} modules, each with an open link: memory of each`,
  value: idle / INSTANCES / KIB,
  unit: 'KiB',
});
rows.push({
  name: `${INSTANCES} modules: timers while they are idle`,
  value: scheduler.actions.length,
  unit: '',
});
for (const { far } of many) pour(far, Number.POSITIVE_INFINITY);
const together = await medianOf(() => rate(advanceAll, () => scheduler.frame / 1_000));
rows.push({ name: `${INSTANCES} modules at full load on one clock`, value: together, unit: 's/s' });
const busy = memoryInUse() - before;
rows.push({
  name: `${INSTANCES} modules at full load: memory of each`,
  value: busy / INSTANCES / KIB,
  unit: 'KiB',
});

report('The emulator, in this process.', rows);

/** Lets 10 ms pass for all of them. */
function advanceAll(): void {
  scheduler.maxFrames = scheduler.frame + 10;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
}

function ratios(name: string, value: number, what: keyof Raw): Row[] {
  const of = (raw: Raw, thing: string) => ({
    name: `  ${name}, of ${thing}`,
    value: value / raw[what],
    unit: 'x',
  });
  return [of(pair, 'the bare pair'), ...(pty === undefined ? [] : [of(pty, 'the raw pty')])];
}

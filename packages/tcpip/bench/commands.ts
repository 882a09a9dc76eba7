// What the SDK costs on top of doing the same by hand: in process, over a real pseudo-terminal with
// the real serialport, at the pace of a line, and while nothing happens. Both sides run in turns, and ratios are judged.
import { type Row, report } from '../../../tools/bench.js';
import { idle } from './idle.js';
import { inProcess } from './in-process.js';
import { overPty } from './over-pty.js';
import { paced } from './paced.js';
import { transparent } from './transparent.js';

const rows: Row[] = [];
for (const part of [inProcess, overPty, transparent, paced, idle]) {
  for (const row of await part()) {
    // At once, so that an error of what follows does not lose it.
    console.log(`${row.name}: ${row.value.toPrecision(3)} ${row.unit}`);
    rows.push(row);
  }
}
report('Commands: the SDK against doing it by hand', rows);
process.exit();

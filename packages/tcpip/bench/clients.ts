// What existing Node programs cost over the modem: bytes, sends and time of real clients in virtual
// time against what framing allows, and the processor time of the adapter against a real net.Socket.
import { type Row, report } from '../../../tools/bench.js';
import { makeCertificates } from '../test/certificates.js';
import { processorTime } from './processor-time.js';
import { costOf } from './virtual-clients.js';
import { workloads } from './workloads.js';

const BAUD_RATES = [115_200, 921_600] as const;

const rows: Row[] = [];
const lines = new Map<string, number>();
for (const workload of workloads(await makeCertificates())) {
  const { name, goals = {} } = workload;
  for (const baudRate of BAUD_RATES) {
    const { line, overhead, sends, time, bound } = await costOf(workload, baudRate);
    if (!lines.has(name)) {
      lines.set(name, line);
      rows.push({
        name: `${name}: ${line.toFixed(0)} bytes on the line`,
        value: overhead,
        unit: 'for each byte of the connection',
      });
      rows.push({
        name: `${name}: sends`,
        value: sends,
        unit: 'each time',
        goal: goals.sends === undefined ? undefined : { max: goals.sends },
      });
    }
    rows.push({
      name: `${name}, ${baudRate} baud: ${time.toFixed(2)} of ${bound.toFixed(2)} ms`,
      value: time / bound,
      unit: 'of the bound',
      goal: { max: goals.time ?? 1.15 },
    });
  }
}
const [full, resumed] = ['https: GET, full handshake', 'https: GET, session resumed'].map(
  (name) => lines.get(name) ?? 0,
);
rows.push({
  name: 'https: what resuming the session saves on the line',
  value: (full ?? 0) - (resumed ?? 0),
  unit: 'bytes',
  goal: { min: 400 },
});
rows.push(...(await processorTime()));

report('Node clients over the modem', rows);
process.exit();

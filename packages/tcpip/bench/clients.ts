// What existing Node programs cost over the modem, in virtual time: the bytes, turnarounds and time of real clients
// against the least that the module needs for what the same client and server say to each other on this computer's
// loopback. And the processor time of the adapter against a real net.Socket.
import { type Row, report } from '../../../tools/bench.js';
import { makeCertificates } from '../test/certificates.js';
import { conversationOf } from './on-loopback.js';
import { processorTime } from './processor-time.js';
import { costOf } from './virtual-clients.js';
import { workloads } from './workloads.js';

const BAUD_RATES = [115_200, 921_600] as const;
/** Bytes, turnarounds and time of a client, as multiples of the least, unless its workload says otherwise. */
const GOALS = { bytes: 1.05, turnarounds: 1.1, time: 1.15 };

const rows: Row[] = [];
const bytesOf = new Map<string, number>();
for (const workload of workloads(await makeCertificates())) {
  const { name, times, connects = false } = workload;
  const goals = { ...GOALS, ...workload.goals };
  const least = await conversationOf(workload);
  for (const baudRate of BAUD_RATES) {
    const { bytes, turnarounds, time } = await costOf(workload, baudRate);
    if (!bytesOf.has(name)) {
      bytesOf.set(name, bytes);
      add(`${name}: bytes on the line`, bytes, least.lineBytes(connects) / times, goals.bytes);
      add(`${name}: turnarounds`, turnarounds, least.turnarounds(connects) / times, goals.turnarounds);
    }
    const bound = (1_000 * least.bound(baudRate, connects)) / times;
    add(`${name}: ms at ${baudRate} baud`, time, bound, goals.time);
  }
}

/** Adds a figure as a multiple of the least that it can be, and prints it. */
function add(name: string, value: number, least: number, max: number | undefined): void {
  const figures = [value, least].map((figure) => figure.toFixed(1));
  console.log(`${name}: ${figures[0]}, at least ${figures[1]}`);
  rows.push({
    name,
    value: value / least,
    unit: 'of the least',
    goal: max === undefined ? undefined : { max },
  });
}

const [full, resumed] = ['https: GET, full handshake', 'https: GET, session resumed'].map(
  (name) => bytesOf.get(name) ?? 0,
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

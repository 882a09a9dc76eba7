// Many modems that exist only as states: `simulated.ts URL COUNT`. Each state is stored every 10 s, as real ones are
// whose signal changes; agents of 100 modems beat.
import { connect } from '@nats-io/transport-node';
import { firstValueFrom } from 'rxjs';
import { natsEngine } from '../src/nats/nats-engine.js';
import { jsonBytes } from '../src/protocol/record.js';
import { beatOf, keyOf, ROLL_CALL } from '../src/protocol/subjects.js';

const PER_AGENT = 100;
const PERIOD = 10_000;
const [url = '', count = '1000'] = process.argv.slice(2);
const engine = natsEngine(await connect({ servers: url }));
const all = Array.from({ length: Number(count) }, (_, index) => index);
const agents = [...new Set(all.map((index) => Math.floor(index / PER_AGENT)))];
let serial = 0;
const instanceOf = (agent: number) => `instance-${String(agent).padStart(13, '0')}`;
const store = (index: number) => {
  const agent = Math.floor(index / PER_AGENT);
  serial += 1;
  const state = {
    protocol: '1.0',
    instance: instanceOf(agent),
    serial,
    state: 'online',
    imei: String(860_000_000_000_000 + index),
    identity: { manufacturer: 'SIMCOM INCORPORATED', model: 'A7672SA-FASE', revision: 'A011B19A7672M7_F' },
    address: '10.0.0.1',
    signal: { rssi: -60 - (serial % 40), ber: 99 },
    operator: 'Simulated',
    technology: 7,
    links: [],
    statistics: {
      noise: 0,
      discardedBytes: 0,
      framingErrors: 0,
      resynchronisations: 0,
      unansweredCommands: 0,
      unconfirmed: 0,
    },
    traffic: { sent: serial, received: serial },
    at: new Date().toISOString(),
  };
  return engine.put(keyOf(`SIM-${agent}`, `m${index % PER_AGENT}`, 'state'), jsonBytes(state));
};
const beat = () => {
  for (const agent of agents) {
    engine.publish(
      beatOf(`SIM-${agent}`),
      jsonBytes({
        protocol: '1.0',
        instance: instanceOf(agent),
        clock: Math.floor(performance.now()),
        modems: PER_AGENT,
        dropped: 0,
      }),
    );
  }
};
engine.messages$(ROLL_CALL).subscribe(beat);
setInterval(beat, 2_000);
for (const index of all) await firstValueFrom(store(index));
console.log(JSON.stringify({ stored: all.length }));
let next = 0;
setInterval(() => {
  store(next % all.length).subscribe({ error: () => {} });
  next += 1;
}, PERIOD / all.length);

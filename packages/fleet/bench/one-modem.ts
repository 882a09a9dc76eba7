// An agent with one emulated modem that says how long a command takes at home: `one-modem.ts URL`.
import type { Modem } from '@a7600/tcpip';
import { emulator } from '@a7600/testing';
import { connect, headers } from '@nats-io/transport-node';
import { last, map } from 'rxjs';
import { agent } from '../src/nats/programs.js';
import { encodeRecord } from '../src/protocol/record.js';

const [url = ''] = process.argv.slice(2);
/** As long as the answer to `AT`. */
const ANSWER = encodeRecord({ lines: [] });
const modem = {
  name: 'only',
  transport: emulator(),
  procedures: {
    // How long one command takes here, in ms.
    latency: (local: Modem) => {
      const start = performance.now();
      return local.raw('AT').pipe(
        last(),
        map(() => performance.now() - start),
      );
    },
  },
};
const connection = await connect({ servers: url });
const status = headers();
status.set('A7600-Status', 'ok');
connection.subscribe('bench.>', {
  callback: (_, message) => void message.respond(ANSWER, { headers: status }),
});
agent([modem], connection, { name: 'ONE' }).subscribe();
console.log(JSON.stringify({ started: 1 }));

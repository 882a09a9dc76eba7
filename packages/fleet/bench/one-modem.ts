// An agent with one emulated modem that says how long a command takes at home: `one-modem.ts URL`.
import { emulator } from '@a7600/testing';
import { connect } from '@nats-io/transport-node';
import { concatMap, last, map, range, toArray } from 'rxjs';
import { agent } from '../src/nats/programs.js';

const [url = ''] = process.argv.slice(2);
const COMMANDS = 300;
const modem = {
  name: 'only',
  transport: emulator(),
  procedures: {
    // The median of that many commands, in ms.
    latency: (local: { raw(text: string): import('rxjs').Observable<unknown> }) =>
      range(0, COMMANDS).pipe(
        concatMap(() => {
          const start = performance.now();
          return local.raw('AT').pipe(
            last(),
            map(() => performance.now() - start),
          );
        }),
        toArray(),
        map((times) => times.sort((one, other) => one - other)[COMMANDS / 2]),
      ),
  },
};
const connection = await connect({ servers: url });
connection.subscribe('bench.echo', { callback: (_, message) => void message.respond(message.data) });
agent([modem], connection, { name: 'ONE' }).subscribe();
console.log(JSON.stringify({ started: 1 }));

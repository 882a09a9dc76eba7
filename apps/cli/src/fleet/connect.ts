import { catchError, defer, of, switchMap, throwError } from 'rxjs';
import { portOf } from '../commands/connect.js';
import { CALLER_HOLD, holdOption } from '../netcat/hold-option.js';
import { relay } from '../netcat/relay.js';
import { task } from '../running/task.js';
import { writableOf } from '../running/writable.js';
import type { Subcommand } from '../subcommand.js';
import { dial } from '../tunnel/dial.js';
import { peerError } from '../tunnel/peer-error.js';
import { ANY, everyModem, networkOf, withFleet } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Joins standard input and output with a server, over a modem of a fleet. */
export const connect: Subcommand = {
  notes: `Example:
  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | a7600 fleet connect ROOF-17/east example.com 80 --nats nats://127.0.0.1:4222`,
  connects: false,
  define: (command) =>
    addFleetOptions(
      command
        .argument('<modem>', `IMEI, name, agent and name (ROOF-17/east), or ${ANY}`)
        .argument('<host>', 'name or address; the module looks names up')
        .argument('<port>', 'port of the server')
        .option('--operator <name>', `with ${ANY}: only modems in the network of this operator`)
        .addOption(holdOption(CALLER_HOLD)),
    ),
  run: ({ args, options, console, input }) =>
    defer(() => {
      const [wanted = '', host = '', text] = args;
      const port = portOf(text);
      const given = options as unknown as FleetOptions & {
        readonly hold: number;
        readonly operator?: string;
      };
      const output = writableOf(console.output);
      return withFleet(given, console, (fleet) =>
        everyModem(fleet).pipe(
          switchMap(() =>
            task(async (signal) => {
              const socket = await dial(of(networkOf(fleet, wanted, given.operator)), {
                host,
                port,
                halfCloseTimeout: given.hold,
                signal,
              });
              console.tell(`Connected with ${host}:${port} over ${wanted}.`);
              await relay(input, output, socket, given.hold);
            }),
          ),
          catchError((error: unknown) => throwError(() => peerError(error, { host, port }))),
        ),
      );
    }),
};

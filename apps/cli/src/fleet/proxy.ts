import { defer, NEVER, of, switchMap, takeUntil, timer } from 'rxjs';
import { addListenOptions, prepared } from '../commands/proxy.js';
import { milliseconds } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { ANY, everyModem, networkOf, withFleet } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Serves SOCKS5 and HTTP proxy on a port of this computer, over a modem of a fleet, or over all of them. */
export const proxy: Subcommand = {
  notes: `With 'any', each connection takes the modem with the fewest links in use, and another one while it cannot be made.

Examples:
  a7600 fleet proxy any --nats nats://127.0.0.1:4222
  a7600 fleet proxy ROOF-17/east --listen 1081 --nats nats://127.0.0.1:4222`,
  connects: false,
  endsBySignal: true,
  define: (command) =>
    addFleetOptions(
      addListenOptions(
        command
          .argument('<modem>', `IMEI, name, agent and name (ROOF-17/east), or ${ANY}`)
          .option('--operator <name>', `with ${ANY}: only modems in the network of this operator`)
          .option('--for <seconds>', 'end after this time (default: go on until Ctrl-C)', milliseconds),
      ),
    ),
  run: (call) =>
    defer(() => {
      const serve = prepared(call);
      const [wanted = ''] = call.args;
      const given = call.options as unknown as Options;
      const over$ = given.for === undefined ? NEVER : timer(given.for);
      return withFleet(
        given,
        call.console,
        (fleet) =>
          everyModem(fleet).pipe(
            // The time counts from the moment at which it serves.
            switchMap(() => serve(of(networkOf(fleet, wanted, given.operator))).pipe(takeUntil(over$))),
          ),
        true,
      );
    }),
};

interface Options extends FleetOptions {
  readonly operator?: string;
  readonly for?: number;
}

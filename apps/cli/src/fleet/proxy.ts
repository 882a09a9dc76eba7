import type { Fleet } from '@a7600/fleet';
import type { ModemNetwork } from '@a7600/tcpip/node';
import { defer, NEVER, type Observable, of, switchMap, takeUntil, throwError, timer } from 'rxjs';
import { addListenOptions, prepared } from '../commands/proxy.js';
import { milliseconds } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { everyModem, withFleet } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** The word for any modem. */
const ANY = 'any';

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
            switchMap(() => serve(of(networkOf(fleet, wanted, given)))),
            takeUntil(over$),
          ),
        true,
      );
    }),
};

interface Options extends FleetOptions {
  readonly operator?: string;
  readonly for?: number;
}

function networkOf(fleet: Fleet, wanted: string, { operator }: Options): ModemNetwork {
  if (wanted !== ANY) return fleet.modem(wanted);
  const any = fleet.any({ where: { operator } });
  const listen = (): Observable<never> =>
    throwError(() => new Error('A proxy opens no server on a modem of the fleet.'));
  // The prototype keeps the getter of the address.
  return Object.assign(Object.create(any) as typeof any, { listen });
}

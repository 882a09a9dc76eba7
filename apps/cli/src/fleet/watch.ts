import type { Fleet, FleetEntry, FleetEvent } from '@a7600/fleet';
import { defer, ignoreElements, merge, NEVER, Observable, takeUntil, tap, timer } from 'rxjs';
import type { Console } from '../console.js';
import type { ExitCode } from '../exit-code.js';
import { metricsServer } from '../metrics/server.js';
import { listening } from '../running/listening.js';
import { addRunningOptions } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { withFleet } from './found.js';
import { presentState } from './list.js';
import { type FleetSnapshot, fleetMetrics } from './metrics.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Shows what changes in a fleet, and serves its metrics. */
export const watch: Subcommand = {
  notes: `Examples:
  a7600 fleet watch --nats nats://127.0.0.1:4222
  a7600 fleet watch --quiet --metrics 9760 --nats tls://nats.example --creds wall.nk`,
  connects: false,
  endsBySignal: true,
  define: (command) => addFleetOptions(addRunningOptions(command)),
  run: ({ options, console }) =>
    defer(() => {
      const given = options as unknown as Options;
      const { metrics } = given;
      const over$ = given.for === undefined ? NEVER : timer(given.for);
      const work = (fleet: Fleet) =>
        merge(
          fleet.modems$.pipe(tap(changes(console))),
          fleet.events$.pipe(tap((event) => report(event, console))),
          metrics === undefined ? NEVER : serving(fleet, metrics, console),
        ).pipe(takeUntil(over$), ignoreElements());
      return withFleet(given, console, work, true) as Observable<ExitCode>;
    }),
};

interface Options extends FleetOptions {
  readonly for?: number;
  readonly metrics?: number;
}

/** Prints a modem when its state is another one. */
function changes(console: Console): (entries: readonly FleetEntry[]) => void {
  const shown = new Map<string, string>();
  return (entries) => {
    for (const entry of entries) {
      const state = presentState(entry);
      if (shown.get(entry.id) === state) continue;
      shown.set(entry.id, state);
      console.print(`${entry.id}: ${state}`);
      console.value({ modem: entry });
    }
  };
}

/** Prints an event; changes of states are printed already. */
function report(event: FleetEvent, console: Console): void {
  console.value({ event });
  if (event.kind === 'state') return;
  const modem = event.modem === undefined ? event.agent : `${event.agent}/${event.modem}`;
  console.print(`${modem}: ${event.kind} ${JSON.stringify(event.data)}`);
}

/** Serves the metrics of the fleet on loopback, and says where; never emits. */
function serving(fleet: Fleet, port: number, console: Console): Observable<never> {
  return new Observable((subscriber) => {
    let snapshot: FleetSnapshot = { agents: [], modems: [] };
    const fail = (error: unknown) => subscriber.error(error);
    subscriber.add(
      fleet.agents$.subscribe({
        next: (agents) => {
          snapshot = { ...snapshot, agents };
        },
        error: fail,
      }),
    );
    subscriber.add(
      fleet.modems$.subscribe({
        next: (modems) => {
          snapshot = { ...snapshot, modems };
        },
        error: fail,
      }),
    );
    const server = metricsServer(fleetMetrics(() => snapshot));
    subscriber.add(
      listening(server, { host: '127.0.0.1', port }, '--metrics').subscribe({
        next: ({ port: bound }) => console.tell(`Metrics at http://127.0.0.1:${bound}/metrics.`),
        error: fail,
      }),
    );
  });
}

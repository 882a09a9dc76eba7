import type { Fleet, FleetEntry, FleetEvent } from '@a7600/fleet';
import {
  combineLatest,
  defer,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  startWith,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { Console } from '../console.js';
import type { ExitCode } from '../exit-code.js';
import { addRunningOptions } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { withFleet } from './found.js';
import { presentState } from './list.js';
import type { FleetSnapshot } from './metrics.js';
import { addFleetOptions, type FleetOptions } from './options.js';
import { servingMetrics } from './serving-metrics.js';

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
          metrics === undefined ? NEVER : servingMetrics(snapshotsOf(fleet), metrics, console),
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

/** What is known of a fleet, again with each change. */
function snapshotsOf({ agents$, modems$ }: Fleet): Observable<FleetSnapshot> {
  return combineLatest([agents$.pipe(startWith([])), modems$.pipe(startWith([]))]).pipe(
    map(([agents, modems]) => ({ agents, modems })),
  );
}

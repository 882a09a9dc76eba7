import { isTransportError } from '@a7600/transport';
import { CommanderError } from 'commander';
import { combineLatest, finalize, map, merge, type Observable, tap } from 'rxjs';
import { type Emulator, emulator } from '../emulator/emulator.js';
import { recorded } from '../emulator/timing.js';
import { hostNetwork } from '../node/host-network.js';
import { onPty } from '../node/on-pty.js';
import { onTcp } from '../node/on-tcp.js';
import { describe, guide, type Place } from './guide.js';
import { type CliOptions, parseOptions } from './options.js';
import { traceLine } from './trace.js';

/** The speed that an A7600 has unless told otherwise. */
const USUAL_BAUD = 115_200;

/**
 * Runs the modules that the command line asks for until a signal comes, and gives the exit code: 2
 * when the command line can be mended, 1 when something else fails.
 */
export async function run(argv: readonly string[]): Promise<number> {
  let options: CliOptions;
  try {
    options = parseOptions(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  try {
    await untilSignal(modules(options));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return isTransportError(error, 'PORT_BUSY') || isTransportError(error, 'PORT_FAILED') ? 2 : 1;
  }
}

/** A module, and how it gets to the place where it can be found. */
interface Running {
  readonly module: Emulator;
  readonly place$: Observable<Place>;
}

/** All the modules that were asked for; unsubscribing takes them away. */
function modules(options: CliOptions): Observable<unknown> {
  const running = placements(options).map((place, index): Running => {
    const module = moduleOf(options, index);
    // It goes on when nobody is connected, so nothing else ends its sockets.
    const place$ = place(module).pipe(finalize(() => module.control.powerOff()));
    return { module, place$ };
  });
  const placed$ = combineLatest(running.map(({ place$ }) => place$)).pipe(
    tap((places) => announce(places, options)),
  );
  if (!options.trace) return placed$;
  return merge(placed$, ...running.map(({ module }, index) => traced(module, nameOf(index, running.length))));
}

/** From a module to its place, for each that was asked for. */
function placements({ pty, tcp }: CliOptions): ((module: Emulator) => Observable<Place>)[] {
  const link = typeof pty === 'string' ? { link: pty } : {};
  const onTerminal = (module: Emulator) =>
    onPty(module, link).pipe(map(({ path }): Place => ({ path, ...link })));
  const onPorts = tcp.map((port) => (module: Emulator) => onTcp(module, { port }));
  return pty !== undefined || tcp.length === 0 ? [onTerminal, ...onPorts] : onPorts;
}

function announce(places: readonly Place[], { profile, baud = USUAL_BAUD }: CliOptions): void {
  for (const [index, place] of places.entries()) {
    const name = nameOf(index, places.length);
    console.log(`${name}: ${profile.identity.model} (${profile.name}) on ${describe(place)}`);
    console.log(guide(place, baud));
  }
  console.log('Ctrl-C ends it.');
}

function nameOf(index: number, count: number): string {
  return count === 1 ? 'module' : `module ${index + 1}`;
}

function moduleOf(
  { profile, baud, faults, seed, allow, map: ports, boot }: CliOptions,
  index: number,
): Emulator {
  return emulator({
    profile,
    network: hostNetwork({ allow, ports }),
    whenClosed: 'goes on',
    ...(boot && { start: 'starting', timing: recorded }),
    ...(baud !== undefined && { baudRate: baud, uart: { baudRate: baud, hostFollows: true } }),
    ...(faults !== undefined && { faults: { rates: faults, seed: seed + index } }),
  });
}

function traced({ control }: Emulator, name: string): Observable<unknown> {
  const start = Date.now();
  return control.events$.pipe(
    map((event) => traceLine(event, Date.now() - start)),
    tap((line) => line !== undefined && console.log(`${name} ${line}`)),
  );
}

/** Subscribes until a signal comes; rejects when the observable fails. */
function untilSignal(running$: Observable<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
      running.unsubscribe();
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
    const running = running$.subscribe({
      error: (error: unknown) => {
        process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
        reject(error);
      },
    });
  });
}

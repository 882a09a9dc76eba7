import { isTransportError, type Transport } from '@a7600/transport';
import { CommanderError } from 'commander';
import { combineLatest, finalize, map, merge, type Observable, tap } from 'rxjs';
import { type Emulator, emulator } from '../emulator/emulator.js';
import { recorded } from '../emulator/timing.js';
import { type MobileNetwork, mobileNetwork } from '../networks/mobile/mobile-network.js';
import { hostNetwork } from '../node/host-network.js';
import { onPty } from '../node/on-pty.js';
import { onTcp } from '../node/on-tcp.js';
import { withExampleHosts } from './example-hosts.js';
import { describe, guide, type Place } from './guide.js';
import { type CliOptions, parseOptions } from './options.js';
import { KEY, powerKey } from './power-key.js';
import { traceLine } from './trace.js';

/** The speed that an A7600 has unless told otherwise. */
const USUAL_BAUD = 115_200;

/**
 * Runs the modules that the command line asks for until a signal comes.
 *
 * @param argv The words after the name of the program.
 * @param name What `--help` calls the program.
 * @throws What is no mistake of the command line.
 * @returns The exit code: 2 when the command line can be mended, 1 when something else fails.
 */
export async function run(argv: readonly string[], name = 'a7600-emulator'): Promise<number> {
  let options: CliOptions;
  try {
    options = parseOptions(argv, name);
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

/** A module, and how its ports get to the places where they can be found. */
interface Running {
  readonly module: Emulator;
  readonly places$: Observable<readonly Place[]>;
}

/** All the modules that were asked for; unsubscribing takes them away. */
function modules(options: CliOptions): Observable<unknown> {
  // One for all, so that they reach each other.
  const mobile = mobileNetwork();
  const running = placements(options).map((placement, index): Running => {
    const module = moduleOf(options, index, mobile);
    const placed = module.ports.map((port, number) => placement(port, number, module));
    // It goes on when no client is connected, so nothing else ends its sockets.
    const places$ = combineLatest(placed).pipe(finalize(() => module.control.powerOff()));
    return { module, places$ };
  });
  const placed$ = combineLatest(running.map(({ places$ }) => places$)).pipe(
    tap((places) => announce(places, options)),
  );
  const keys$ = powerKey(running.map(({ module }) => module));
  if (!options.trace) return merge(placed$, keys$);
  const traces = running.map(({ module }, index) => traced(module, nameOf(index, running.length)));
  return merge(placed$, keys$, ...traces);
}

/** From a port of a module, the first one being 0, to its place. */
type Placement = (port: Transport, number: number, module: Emulator) => Observable<Place>;

/** How each module that was asked for is placed. Further ports follow: `modem-2`, the next TCP port. */
function placements({ pty, tcp }: CliOptions): Placement[] {
  const onTerminal: Placement = (port, number) => {
    const name = number === 0 ? pty : `${pty}-${number + 1}`;
    const link = typeof pty === 'string' ? { link: `${name}` } : {};
    return onPty(port, link).pipe(map(({ path }): Place => ({ path, ...link })));
  };
  const onPorts = tcp.map(
    (first): Placement =>
      (port, number, { control }) =>
        onTcp(port, {
          port: first === 0 ? 0 : first + number,
          // In data mode what comes is for the peer, whatever it is like.
          refusesHttp: () => control.state.mode !== 'data',
        }),
  );
  return pty !== undefined || tcp.length === 0 ? [onTerminal, ...onPorts] : onPorts;
}

function announce(modules: readonly (readonly Place[])[], options: CliOptions): void {
  const { profile, ports, allow, baud = USUAL_BAUD } = options;
  for (const [index, [first, ...others]] of modules.entries()) {
    if (first === undefined) continue;
    const name = nameOf(index, modules.length);
    console.log(`${name}: ${profile.identity.model} (${profile.name}) on ${describe(first)}`);
    console.log(guide(first, baud));
    for (const [at, place] of others.entries()) {
      console.log(`  port ${at + 2} (${ports[at + 1]}) on ${describe(place)}`);
    }
  }
  if (allow.length === 0) {
    console.log(
      'It reaches loopback of this computer, and an example.com of its own; --allow HOST:PORT lets it go further.',
    );
  }
  console.log(`SIGUSR2 or a line "${KEY}" presses the power key. Ctrl-C ends it.`);
}

function nameOf(index: number, count: number): string {
  return count === 1 ? 'module' : `module ${index + 1}`;
}

function moduleOf(
  { profile, ports, baud = USUAL_BAUD, instant, faults, seed, allow, map: mapping, boot, off }: CliOptions,
  index: number,
  mobile: MobileNetwork,
): Emulator {
  const start = off ? 'off' : boot ? 'starting' : 'running';
  return emulator({
    profile,
    ports,
    start,
    network: withExampleHosts(hostNetwork({ allow, ports: mapping, mobile }), allow),
    whenClosed: 'goes on',
    ...(!instant && { timing: recorded, baudRate: baud, uart: { baudRate: baud, hostFollows: true } }),
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

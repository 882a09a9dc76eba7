import type { Transport } from '@a7600/transport';
import { defer, finalize, type Observable, VirtualTimeScheduler } from 'rxjs';
import type { EmulatorControl } from '../emulator/control.js';
import { type Emulator, emulator } from '../emulator/emulator.js';
import { type FaultGroup, type FaultKind, faultsOf } from '../emulator/faults/kinds.js';
import type { EmulatorOptions } from '../emulator/options.js';
import { type MemoryNetwork, memoryNetwork } from '../networks/memory/memory-network.js';

/** Settings of a {@link VirtualModule}. */
export interface VirtualModuleOptions extends Omit<EmulatorOptions, 'scheduler' | 'network' | 'faults'> {
  /** What is left to chance comes from it: the same seed gives the same run. Default: another one each time. */
  readonly seed?: number | undefined;
  /** How often each kind, or each kind of a group, fires: a share of its opportunities, 0 to 1. Default: never. */
  readonly faults?: Readonly<Partial<Record<FaultKind | FaultGroup, number>>> | undefined;
}

/** An emulated module with a network in memory, and a clock that moves only when the test says so. */
export interface VirtualModule {
  /** The seed of the run. */
  readonly seed: number;
  /** For `modem(transport, { scheduler })` and everything else that takes time. */
  readonly scheduler: VirtualTimeScheduler;
  /** The port of the module. */
  readonly transport: Transport;
  /** The outside world of the module: SIM, network, power, cable, faults. */
  readonly control: EmulatorControl;
  /** The network beyond it: `network.serve('example.com', 80)`, `network.callIn(7)`. */
  readonly network: MemoryNetwork;
  /**
   * Lets time pass.
   *
   * @param ms Virtual time in ms.
   */
  elapse(ms: number): void;
  /**
   * Subscribes, and lets time pass until the observable completes.
   *
   * @param source What to run: a command, a transfer, a whole program.
   * @param within The longest virtual time for it, in ms. Default 600000. After that it is unsubscribed.
   * @returns what it emitted.
   * @throws what it errors with, or an `Error` if it does not complete in time.
   */
  run<T>(source: Observable<T>, within?: number): T[];
  /**
   * Lets what is being closed be closed, and looks at what is still open.
   *
   * @returns a line for each resource that a test has left open; empty if there is none.
   */
  leaks(): string[];
}

/** Virtual time in ms for what closes in the background. */
const CLOSING = 60_000;

/**
 * Makes a module for one test.
 *
 * @param options Settings of the module, its faults, and the seed.
 * @returns the module, off until its port is opened.
 */
export function virtualModule(options: VirtualModuleOptions = {}): VirtualModule {
  const { seed = Math.floor(Math.random() * 2 ** 31), faults = {}, ...emulated } = options;
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const network = memoryNetwork({ scheduler, seed });
  const module: Emulator = emulator({
    ...emulated,
    scheduler,
    network,
    faults: { seed, rates: ratesOf(faults) },
  });
  let openPorts = 0;

  const elapse = (ms: number) => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };

  return {
    seed,
    scheduler,
    network,
    control: module.control,
    transport: defer(() => {
      openPorts += 1;
      return module.pipe(finalize(() => (openPorts -= 1)));
    }),
    elapse,
    run(source, within = 600_000) {
      const values: unknown[] = [];
      let end: { readonly error?: unknown } | undefined;
      const subscription = source.subscribe({
        next: (value) => values.push(value),
        error: (error: unknown) => {
          end = { error };
        },
        complete: () => {
          end = {};
        },
      });
      const until = scheduler.frame + within;
      while (end === undefined && scheduler.frame < until) elapse(Math.min(100, until - scheduler.frame));
      subscription.unsubscribe();
      if (end === undefined) throw new Error(`It did not complete within ${within} ms of virtual time.`);
      if ('error' in end) throw end.error;
      return values as never[];
    },
    leaks() {
      if (openPorts > 0 || module.control.networkOpen) elapse(CLOSING);
      const { openLinks, openServers, networkOpen } = module.control;
      return [
        ...(openPorts > 0 ? ['the port is open: a subscription to the transport or the modem is left'] : []),
        ...(openLinks > 0 ? [`${openLinks} of the links are open`] : []),
        ...(openServers > 0 ? [`${openServers} of the servers listen`] : []),
        ...(networkOpen ? ['the network is open'] : []),
      ];
    },
  };
}

/** The rate of each kind; a kind's own counts before that of its group. */
function ratesOf(faults: Readonly<Partial<Record<string, number>>>): Partial<Record<FaultKind, number>> {
  const rates = Object.entries(faults).flatMap(([name, rate]) =>
    faultsOf(name as FaultGroup).map((kind) => [kind, rate] as const),
  );
  const groups = new Set(rates.map(([kind]) => kind));
  const kinds = Object.entries(faults).filter(([name]) => faultsOf(name as FaultGroup).length === 0);
  for (const [name] of kinds) groups.delete(name as FaultKind);
  return Object.fromEntries([...rates.filter(([kind]) => groups.has(kind)), ...kinds]);
}

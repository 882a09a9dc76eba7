import { type Emulator, type EmulatorOptions, instant, recorded } from '@a7600/testing';
import { reconnect } from '@a7600/transport';
import { type SchedulerLike, switchMap, tap } from 'rxjs';
import type { ModemPorts } from '../../src/modem/open-ports.js';
import type { ModemOptions } from '../../src/modem/options.js';
import { multiplexed } from '../../src/multiplexing/multiplexed.js';
import type { Network } from '../../src/network/network.js';
import type { NetworkOptions } from '../../src/network/options.js';
import { type Observed, observe, serialPort, type World, world } from '../world.js';
import type { Ports, Script } from './script.js';

/** Where a program connects to; each connection has a port of its own there. */
export const FAR = '10.3.0.1';
export const FIRST_PORT = 1_000;
/** The longest that a command may take is 120 s; a lost one is noticed then, and closed again and again. */
export const TIME_TO_SETTLE = 600_000;
/** How often a program tries before a line that was damaged has to work. */
export const TRIES = 3;

/** The world of a script, with the ports that it wants; default one for commands and data. */
export function worldOf(
  { timing, seed, rates, ports = 'one' }: Pick<Script, 'timing' | 'seed' | 'rates' | 'ports'>,
  options?: ModemOptions,
  emulated: Pick<EmulatorOptions, 'whenClosed'> = {},
): World {
  return world(
    {
      ...emulated,
      timing: timing === 'instant' ? instant : recorded,
      faults: { seed, rates },
      ...(ports === 'two' ? { ports: ['at', 'at'] } : {}),
    },
    options,
    ports === 'one' ? undefined : ({ module, scheduler }) => portsOf(ports, module, scheduler),
  );
}

/** The ports of a module that are not one for everything. */
export function portsOf(
  ports: Exclude<Ports, 'one'>,
  module: Emulator,
  scheduler: SchedulerLike,
): ModemPorts {
  if (ports === 'multiplexed') return multiplexed(serialPort(module), { scheduler });
  const [control = module, data = module] = module.ports;
  return { control, data };
}

/** Opens the modem and its network, and again whenever they are lost. */
export function stayOnline(
  { modem$, scheduler }: World,
  options: NetworkOptions,
  onOpen: (network: Network) => void,
): Observed<Network> {
  return observe(
    modem$.pipe(
      switchMap((modem) => modem.network(options).pipe(reconnect({ scheduler }))),
      reconnect({ scheduler }),
      tap(onOpen),
    ),
  );
}

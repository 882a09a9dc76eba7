import { instant, recorded } from '@a7600/testing';
import { reconnect } from '@a7600/transport';
import { switchMap, tap } from 'rxjs';
import { modem } from '../../src/modem/open-modem.js';
import type { ModemOptions } from '../../src/modem/options.js';
import type { Network } from '../../src/network/network.js';
import type { NetworkOptions } from '../../src/network/options.js';
import { type Observed, observe, type World, world } from '../world.js';
import type { Script } from './script.js';

/** Where a program connects to; each connection has a port of its own there. */
export const FAR = '10.3.0.1';
export const FIRST_PORT = 1_000;
/** The longest that a command may take is 120 s; a lost one is noticed then, and closed again and again. */
export const TIME_TO_SETTLE = 600_000;
/** How often a program tries before a line that was damaged has to work. */
export const TRIES = 3;

/** How commands and data share the way to the module; default one port for both. */
export type Ports = 'one' | 'two';

/** The world of a script, with the ports that it wants. */
export function worldWith(script: Pick<Script, 'timing' | 'seed' | 'rates'>, ports: Ports = 'one'): World {
  if (ports === 'one') return worldOf(script);
  const { timing, seed, rates } = script;
  const w = world({
    timing: timing === 'instant' ? instant : recorded,
    faults: { seed, rates },
    ports: ['at', 'at'],
  });
  const { scheduler, module } = w;
  const [control = module, data = module] = module.ports;
  return { ...w, modem$: modem({ control, data }, { scheduler }) };
}

/** The world of a script. */
export function worldOf(
  { timing, seed, rates }: Pick<Script, 'timing' | 'seed' | 'rates'>,
  options?: ModemOptions,
): World {
  return world({ timing: timing === 'instant' ? instant : recorded, faults: { seed, rates } }, options);
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

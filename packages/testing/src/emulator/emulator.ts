import { type ByteLink, linkPair, type PairEnd, type Transport, TransportError } from '@a7600/transport';
import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import type { Network } from '../networks/network.js';
import type { Behaviour } from './behaviour.js';
import { general } from './behaviours/general.js';
import { network as networkCommands } from './behaviours/network.js';
import { radio } from './behaviours/radio.js';
import { servers } from './behaviours/servers.js';
import { sockets } from './behaviours/sockets.js';
import { Module, type Surroundings } from './module.js';
import { a76xx, type Profile } from './profile.js';

/** Settings of an {@link emulator}. */
export interface EmulatorOptions {
  /** Everything that takes time goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** What the module is connected to. Default: a memory network of its own. */
  readonly network?: Network;
  /** What its firmware does. Default {@link a76xx}. */
  readonly profile?: Profile;
  /** Commands that are added, or that replace those of the same name. */
  readonly behaviours?: readonly Behaviour[];
  /** SIM, registration and signal; what is left out is in good order. */
  readonly surroundings?: Partial<Surroundings>;
}

/** What happens to an emulated module from outside. */
export interface EmulatorControl {
  /** How many of the ten links are in use. */
  readonly openLinks: number;
  /** How many of the four servers are listening. */
  readonly openServers: number;
  /** Whether the socket service (`AT+NETOPEN`) is open. */
  readonly networkOpen: boolean;
  /** SIM, registration and signal; change them at any time. */
  readonly surroundings: Surroundings;
  /** The bearer is lost: `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`. */
  loseBearer(): void;
  /** The module starts anew, all by itself. */
  restart(): void;
  /** The serial line is cut, in mid-air if need be. */
  unplug(): void;
}

/**
 * An emulated A7600 as a transport.
 *
 * Subscribing opens its serial port, switched on and started; unsubscribing switches it off. One
 * port at a time. Through {@link EmulatorControl} the outside acts on it.
 */
export type Emulator = Transport & { readonly control: EmulatorControl };

/** Makes an {@link Emulator}. */
export function emulator(options: EmulatorOptions = {}): Emulator {
  let host: PairEnd | undefined;
  let output = (_: Uint8Array) => {};
  const module = new Module({
    scheduler: options.scheduler ?? asyncScheduler,
    network: options.network ?? memoryNetwork(),
    profile: options.profile ?? a76xx,
    behaviours: [
      ...general,
      ...radio,
      ...networkCommands,
      ...sockets,
      ...servers,
      ...(options.behaviours ?? []),
    ],
    surroundings: { sim: 'READY', registration: 1, rssi: 23, ...options.surroundings },
    output: (bytes) => output(bytes),
  });

  const transport = new Observable<ByteLink>((subscriber) => {
    if (host !== undefined) {
      subscriber.error(new TransportError('PORT_BUSY', 'The port of the emulated module is open.'));
      return;
    }
    const [near, far] = linkPair();
    host = near;
    output = (bytes) => {
      far.write(bytes).subscribe({ error: () => {} });
    };
    subscriber.add(() => {
      output = () => {};
      module.powerOff();
      far.lose(new TransportError('TRANSPORT_CLOSED', 'The port was closed.'));
      host = undefined;
    });
    far.received$.subscribe({ next: (bytes) => module.feed(bytes), error: () => {} });
    near.ended$.subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    });
    subscriber.next(near);
  });

  const control: EmulatorControl = {
    get openLinks() {
      return module.links.filter(({ state }) => state !== 'free').length;
    },
    get openServers() {
      return module.servers.size;
    },
    get networkOpen() {
      return module.service === 'open';
    },
    surroundings: module.surroundings,
    loseBearer: () => module.loseBearer(),
    restart: () => module.restart(),
    unplug: () => host?.lose(new TransportError('TRANSPORT_LOST', 'The emulated module was unplugged.')),
  };
  return Object.assign(transport, { control });
}

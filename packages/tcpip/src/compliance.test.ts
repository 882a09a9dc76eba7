import { type LinkUnderTest, linkCompliance, type Setting } from '@a7600/testing/compliance';
import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';
import { describe, test } from 'vitest';
import { errorOf, observe, openNetwork, serialPort, type World, world } from '../test/world.js';
import { modem } from './modem/open-modem.js';
import { multiplexed } from './multiplexing/multiplexed.js';
import type { Network } from './network/network.js';

const PEER = { host: '10.3.0.1', port: 80 };

/** Time in ms that passes in a turn of the event loop: virtual time, as fast as it goes. */
const STEP = 20;

/** What is tested, in a world of its own for each opening. */
interface Kind {
  readonly make: () => World;
  readonly transparent: boolean;
  readonly transport: (network: Network) => Observable<ByteLink>;
  readonly sever: (w: World) => void;
}

function setting({ make, transparent, transport, sever }: Kind): Setting {
  const opened: { readonly w: World; readonly close: () => void }[] = [];

  /** A network in a world whose time passes, until it is closed. */
  const start = () => {
    const w = make();
    const network = openNetwork(w, { transparent });
    let running = true;
    const pass = () => {
      if (!running) return;
      w.advance(STEP);
      setImmediate(pass);
    };
    pass();
    const close = () => {
      running = false;
      network.modem.unsubscribe();
      w.advance(60_000);
    };
    opened.push({ w, close });
    return { w, transport$: transport(network.last) };
  };

  return {
    // What the module keeps for the peer, and what is on the way to it.
    capacity: 150_000,
    async open(): Promise<LinkUnderTest> {
      const { w, transport$ } = start();
      const accepted = observe(w.outside.serve(PEER.host, PEER.port));
      const link = observe(transport$);
      while (link.values.length === 0) await new Promise(setImmediate);
      return {
        link: link.last,
        far: accepted.last,
        release: () => link.unsubscribe(),
        transport: {
          get completed() {
            return link.end === 'complete';
          },
          get error() {
            return errorOf(link);
          },
        },
      };
    },
    async abandon() {
      const { w, transport$ } = start();
      observe(w.outside.serve(PEER.host, PEER.port));
      observe(transport$).unsubscribe();
    },
    sever() {
      const last = opened.at(-1);
      if (last !== undefined) sever(last.w);
    },
    cleanUp() {
      for (const { close } of opened) close();
    },
    held() {
      return opened
        .splice(0)
        .map(({ w }) => w.scheduler.actions.length + w.module.control.openLinks)
        .reduce((sum, count) => sum + count, 0);
    },
  };
}

const KINDS: Readonly<Record<string, Kind>> = {
  'a TCP socket': {
    make: () => world(),
    transparent: false,
    transport: (network) => network.connect(PEER),
    sever: (w) => w.module.control.loseBearer(),
  },
  'a transparent session': {
    make: () => world({ uart: { baudRate: 115_200, rtscts: true } }, { rtscts: true }),
    transparent: true,
    transport: (network) => network.transparent(PEER),
    sever: (w) => w.module.control.unplug(),
  },
  'a transparent session with a port of its own': {
    make: () => twoPorts(),
    transparent: true,
    transport: (network) => network.transparent(PEER),
    sever: (w) => w.module.control.unplug(),
  },
  'a TCP socket on a multiplexed line': {
    make: () => multiplexedWorld(),
    transparent: false,
    transport: (network) => network.connect(PEER),
    sever: (w) => w.module.control.loseBearer(),
  },
  'a transparent session on a channel of a multiplexed line': {
    make: () => multiplexedWorld(),
    transparent: true,
    transport: (network) => network.transparent(PEER),
    sever: (w) => w.module.control.unplug(),
  },
};

/** A module on a UART whose line is multiplexed. */
const multiplexedWorld = () => {
  const w = world({ uart: { baudRate: 115_200, rtscts: true } });
  const ports = multiplexed(serialPort(w.module), { scheduler: w.scheduler });
  return { ...w, modem$: modem(ports, { scheduler: w.scheduler }) };
};

/** A module with two ports. */
const twoPorts = () => {
  const w = world({ ports: ['at', 'at'], uart: { baudRate: 115_200, rtscts: true } });
  const [control = w.module, data = w.module] = w.module.ports;
  return { ...w, modem$: modem({ control, data }, { scheduler: w.scheduler, rtscts: true }) };
};

describe.each(Object.entries(KINDS))('%s is a byte link', (_, kind) => {
  for (const { name, run } of linkCompliance(setting(kind))) test(name, run);
});

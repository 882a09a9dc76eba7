import { netOpen } from '@a7600/at-codec';
import { recorded, type Timing } from '@a7600/testing';
import type { Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../tools/thorough.js';
import { observe, openNetwork, readyModem, type World, world } from '../test/world.js';
import type { Network } from './network/network.js';
import type { NetworkOptions } from './network/options.js';

interface Unsubscribable {
  unsubscribe(): void;
}

/** An operation, ready to begin, on a modem that is open, or that is what it opens. */
interface Prepared {
  readonly modem?: Unsubscribable;
  /** What is open belongs to another program: it is adopted as a whole, or stays as it is. */
  readonly foreign?: true;
  begin(): Unsubscribable;
}

type Prepare = (w: World) => Prepared;

/** Time in ms between the `OK` of what is opened and its result. */
const GAP = 300;
const TIMING: Timing = { ...recorded, netOpen: GAP, netClose: GAP };

const PEER = { host: '10.3.0.1', port: 80 };
const SERVER = { port: 7 };

/** Longer than any of the operations takes. */
const TIME_TO_HAPPEN = 10_000;
/** Operations are given up after every so many-th event; each way of giving up begins with another one. */
const EVERY = effort(9, 1);
/** Enough for a close that is tried again and for escapes that are not answered. */
const TIME_TO_CLOSE = 60_000;

/** A peer connects to the module's server, in that many ms. */
function callIn(w: World, delay: number): void {
  w.scheduler.schedule(() => observe(w.outside.callIn(SERVER.port)), delay);
}

/** Subscribing to what a network offers; a client calls in meanwhile. */
function opening(options: NetworkOptions, open: (network: Network) => Observable<unknown>): Prepare {
  return (w) => {
    const network = openNetwork(w, options);
    observe(w.outside.serve(PEER.host, PEER.port));
    return {
      modem: network.modem,
      begin() {
        callIn(w, 20);
        return observe(open(network.last));
      },
    };
  };
}

/** Doing something with what a network gave. */
function using<T>(
  options: NetworkOptions,
  open: (network: Network) => Observable<T>,
  use: (opened: T) => Observable<unknown>,
): Prepare {
  return (w) => {
    const { modem, begin } = opening(options, open)(w) as Required<Prepared>;
    const opened = begin() as ReturnType<typeof observe<T>>;
    w.advance(1_000);
    return {
      modem,
      begin() {
        observe(use(opened.last));
        return opened;
      },
    };
  };
}

const dial = (network: Network) => network.transparent(PEER);
const serve = (network: Network) => network.transparent({ listen: SERVER.port });
const close = (opened: { close(): Observable<never> }) => opened.close();

const OPERATIONS: Readonly<Record<string, Prepare>> = {
  'opening a modem': (w) => ({ begin: () => observe(w.modem$) }),
  'closing a modem': (w) => {
    const modem = openNetwork(w).modem;
    return {
      modem,
      begin() {
        observe(modem.last.close());
        return modem;
      },
    };
  },

  'opening a network': (w) => {
    const modem = readyModem(w);
    const options = { apn: 'internet', timeouts: { cipOpen: 30_000 }, keepAlive: { idle: 1, count: 3 } };
    return { modem, begin: () => observe(modem.last.network(options)) };
  },
  'adopting a network with a server and its client': (w) => {
    const earlier = openNetwork(w);
    observe(earlier.last.listen(SERVER));
    callIn(w, 100);
    w.advance(1_000);
    observe(earlier.modem.last.abort());
    w.advance(1_000);
    const modem = readyModem(w);
    return { modem, foreign: true, begin: () => observe(modem.last.network()) };
  },
  'opening a network again': (w) => {
    const modem = readyModem(w);
    observe(modem.last.run(netOpen()));
    w.advance(1_000);
    return { modem, foreign: true, begin: () => observe(modem.last.network()) };
  },
  'closing a network with a server and its client': (w) => {
    const network = openNetwork(w);
    observe(network.last.listen(SERVER));
    callIn(w, 100);
    w.advance(1_000);
    return {
      modem: network.modem,
      begin() {
        observe(network.last.close());
        return network;
      },
    };
  },

  connecting: opening({}, (network) => network.connect(PEER)),
  'connecting in direct push mode': opening({ receive: 'push' }, (network) => network.connect(PEER)),
  'connecting where no peer listens': opening({}, (network) => network.connect({ ...PEER, port: 81 })),
  'closing a connection': using({}, (network) => network.connect(PEER), close),
  'listening, and a client': opening({}, (network) => network.listen(SERVER)),
  'closing an accepted client': using({}, (network) => network.listen(SERVER), close),
  'opening a UDP socket': opening({}, (network) => network.bind({ port: 5_000 })),
  'closing a UDP socket': using({}, (network) => network.bind({ port: 5_000 }), close),

  dialling: opening({ transparent: true }, dial),
  'dialling, with DTR': opening({ transparent: true }, (network) =>
    network.transparent({ ...PEER, leaveBy: 'dtr' }),
  ),
  'suspending a transparent session': using({ transparent: true }, dial, (session) =>
    session.enterCommandMode(),
  ),
  'closing a transparent session': using({ transparent: true }, dial, close),
  'a transparent server, and a client': opening({ transparent: true }, serve),
  "closing a transparent server's client": using({ transparent: true }, serve, close),
};

type What = 'it' | 'the modem';
type Moment = 'at once' | 'in the next turn';

/** Gives something up after the n-th event since the operation began; says whether there was one. */
function giveUp(prepare: Prepare, n: number, what: What, moment: Moment): boolean {
  let left = Number.POSITIVE_INFINITY;
  let begun: Unsubscribable | undefined;
  let early = false;
  const w = world(
    { timing: TIMING, uart: { baudRate: 115_200 }, whenClosed: 'goes on' },
    {
      trace: () => {
        left -= 1;
        if (left !== 0) return;
        if (moment === 'at once') unsubscribe();
        else w.scheduler.schedule(unsubscribe);
      },
    },
  );
  w.outside.module.conditions.latency = GAP / 2;
  const { modem, foreign, begin } = prepare(w);
  const found = openOn(w);
  const unsubscribe = () => {
    const target = what === 'it' ? begun : (modem ?? begun);
    if (begun === undefined) early = true;
    else target?.unsubscribe();
    // Where a server is being stopped, a client comes in the last moment.
    if (foreign !== true) w.scheduler.schedule(() => observe(w.module.control.callIn(SERVER.port)), 1);
  };
  left = n;
  begun = begin();
  if (early) unsubscribe();
  w.advance(TIME_TO_HAPPEN);
  const happened = left <= 0;
  if (!happened) begun.unsubscribe();
  w.advance(TIME_TO_CLOSE);
  if (foreign !== true) expect(openOn(w)).toEqual({ ...NOTHING, network: w.module.control.networkOpen });
  begun.unsubscribe();
  modem?.unsubscribe();
  w.advance(TIME_TO_CLOSE);
  expect(foreign === true ? [NOTHING, found] : [NOTHING]).toContainEqual(openOn(w));
  expect(w.scheduler.actions).toEqual([]);
  expect(openNetwork(w).values).toHaveLength(1);
  return happened;
}

const NOTHING = { links: 0, servers: 0, network: false, mode: 'command' };

function openOn({ module: { control } }: World): typeof NOTHING {
  const { openLinks, openServers, networkOpen, state } = control;
  return { links: openLinks, servers: openServers, network: networkOpen, mode: state.mode };
}

describe.each(Object.entries(OPERATIONS))('%s', (_, prepare) => {
  test.each([
    ['it', 'at once', 1],
    ['it', 'in the next turn', 2],
    ['the modem', 'at once', 3],
    ['the modem', 'in the next turn', 1],
  ] as const)('can be given up after any event: %s is unsubscribed, %s', (what, moment, first) => {
    const begin = EVERY === 1 ? 1 : first;
    let next = begin;
    while (giveUp(prepare, next, what, moment)) next += EVERY;
    expect(next).toBeGreaterThan(begin);
  });
});

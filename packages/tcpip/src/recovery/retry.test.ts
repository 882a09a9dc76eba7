import { type Transport, TransportError } from '@a7600/transport';
import { NEVER, Observable, retry, switchMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, type World, world } from '../../test/world.js';
import type { Modem } from '../modem/modem.js';
import { modem } from '../modem/open-modem.js';
import type { Network } from '../network/network.js';

/** The module at a port that can be open once. */
function exclusivePort({ module }: World): Transport {
  let held = false;
  return new Observable((subscriber) => {
    if (held) {
      subscriber.error(new TransportError('PORT_BUSY', 'The port is still held.'));
      return undefined;
    }
    held = true;
    const open = module.subscribe(subscriber);
    return () => {
      open.unsubscribe();
      held = false;
    };
  });
}

type Use = (modem: Modem) => Observable<unknown>;
const inNetwork =
  (use: (network: Network) => Observable<unknown>): Use =>
  (opened) =>
    opened.network().pipe(switchMap(use));

const USES: Readonly<Record<string, Use>> = {
  'a modem': () => NEVER,
  'a network': (opened) => opened.network(),
  'a server': inNetwork((network) => network.listen({ port: 7 })),
  'a UDP port': inNetwork((network) => network.bind({ port: 5_000 })),
  'a connection': inNetwork((network) => network.connect({ host: '10.3.0.1', port: 80 })),
  'a transparent session': (opened) =>
    opened
      .network({ transparent: true })
      .pipe(switchMap((network) => network.transparent({ host: '10.3.0.1', port: 80 }))),
};

describe('an error is emitted after what was held is released, so that retry() works at once', () => {
  const losses = {
    'the module restarts': (w: World) => w.module.control.restart(),
    'the bearer is lost': (w: World) => w.module.control.loseBearer(),
    'the cable is pulled': (w: World) => w.module.control.unplug(),
  };
  const cases = Object.entries(USES).flatMap(([what, use]) =>
    Object.entries(losses).map(([loss, lose]) => ({ what, use, loss, lose })),
  );
  const told = cases.filter(({ what, loss }) => what !== 'a modem' || loss !== 'the bearer is lost');
  test.each(told)('$what, when $loss', ({ use, lose, loss }) => {
    const w = world();
    observe(w.outside.serve('10.3.0.1', 80));
    const opened: unknown[] = [];
    const life = observe(
      modem(exclusivePort(w), { scheduler: w.scheduler }).pipe(
        switchMap((open) => {
          opened.push(open);
          return use(open);
        }),
        retry(1),
      ),
    );
    w.advance(10_000);
    expect(opened).toHaveLength(1);
    lose(w);
    w.advance(60_000);
    // One attempt is left, and a cable that stays out fails it; the port is free in any case.
    if (loss === 'the cable is pulled') expect(errorOf(life)?.code).not.toBe('PORT_BUSY');
    else expect([opened.length, life.end]).toEqual([2, 'open']);
  });

  test.each(['a server', 'a UDP port', 'a connection'])('%s alone, in a network that stays', (what) => {
    const w = world();
    const served = observe(w.outside.serve('10.3.0.1', 80));
    const networks = observe(
      modem(w.module, { scheduler: w.scheduler }).pipe(switchMap((open) => open.network())),
    );
    w.advance(10_000);
    const network = networks.last;
    const open$: Observable<unknown> =
      what === 'a server'
        ? network.listen({ port: 7 })
        : what === 'a UDP port'
          ? network.bind({ port: 5_000 })
          : network.connect({ host: '10.3.0.1', port: 80 });
    const again = observe(open$.pipe(retry({ count: 3 })));
    w.advance(1_000);
    for (const connection of served.values) connection.reset();
    w.advance(10_000);
    expect(again.end).not.toMatchObject({ error: expect.anything() });
    expect(networks.end).toBe('open');
  });
});

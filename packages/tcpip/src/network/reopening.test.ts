import fc from 'fast-check';
import { type Observable, retry, Subscription } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { caller, connection, expectTalk, listening } from '../../test/fixtures.js';
import { errorOf, observe, openNetwork, readyModem, type World, world, write } from '../../test/world.js';
import type { Network } from './network.js';

/** Something that can be opened again and again, and how to see that it works. */
interface Reopened {
  readonly open: (network: Network) => Observable<unknown>;
  readonly works: (w: World) => void;
}

const KINDS: Readonly<Record<string, Reopened>> = {
  'a server': {
    open: (network) => network.listen({ port: 7 }),
    works: (w) => {
      expect(w.module.control.openServers).toBe(1);
      const far = caller(w);
      w.advance(100);
      expect(far.end).toBe('open');
    },
  },
  'a UDP socket': {
    open: (network) => network.bind({ port: 5_000 }),
    works: (w) => expect(w.module.control.openLinks).toBe(1),
  },
  'a connection': {
    open: (network) => network.connect({ host: '10.3.0.1', port: 80 }),
    works: (w) => expect(w.module.control.openLinks).toBe(1),
  },
};

describe.each(Object.entries(KINDS))('%s', (_, { open, works }) => {
  test('can be opened again in the turn in which it was unsubscribed from', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 30 }), (pauses) => {
        const w = world();
        observe(w.outside.serve('10.3.0.1', 80));
        const { last } = openNetwork(w);
        let opened = observe(open(last));
        for (const pause of pauses) {
          w.advance(pause);
          opened.unsubscribe();
          opened = observe(open(last));
        }
        w.advance(30_000);
        expect(opened.end).toBe('open');
        works(w);
      }),
      { numRuns: effort(15, 50) },
    );
  });

  test('can be opened in the error handler of the last one', () => {
    const w = world();
    observe(w.outside.serve('10.3.0.1', 80));
    const networks = observe(readyModem(w).last.network().pipe(retry()));
    w.advance(1_000);
    const life = new Subscription();
    let failures = 0;
    const again = () => {
      life.add(
        open(networks.last).subscribe({
          error: () => {
            failures += 1;
            w.scheduler.schedule(again, 1_000);
          },
        }),
      );
    };
    again();
    w.advance(1_000);
    w.module.control.loseBearer(0);
    w.advance(60_000);
    expect(failures).toBeGreaterThan(0);
    works(w);
  });
});

describe('a network', () => {
  /** The service ends, and its line is lost: only a refused command tells. */
  const closeSilently = (w: World, network: Network) => {
    w.module.control.loseNetwork();
    observe(network.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
  };

  test('that retry() opens again at once notices each later loss', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('told', 'silent', 'reopened'), { maxLength: 6 }), (steps) => {
        const w = world();
        const modem = readyModem(w);
        const open = () => observe(modem.last.network().pipe(retry()));
        let networks = open();
        w.advance(1_000);
        for (const step of steps) {
          const before = networks.values.length;
          if (step === 'told') w.module.control.loseBearer(0);
          else if (step === 'silent') closeSilently(w, networks.last);
          else {
            networks.unsubscribe();
            networks = open();
          }
          w.advance(5_000);
          expect(networks.values.length).toBe(step === 'reopened' ? 1 : before + 1);
        }
        expectTalk(w, connection(w, Object.assign(networks, { modem })));
      }),
      { numRuns: effort(10, 60) },
    );
  });

  test('that is opened while the last one still stops its servers notices its loss', () => {
    const w = world();
    const first = listening(w);
    first.network.unsubscribe();
    const second = observe(first.network.modem.last.network());
    w.advance(10_000);
    closeSilently(w, second.last);
    expect(errorOf(second)?.code).toBe('NETWORK_LOST');
  });
});

test('an eleventh connection waits for a link that is being closed', () => {
  const w = world();
  observe(w.outside.serve('10.3.0.1', 80));
  const { last } = openNetwork(w);
  const sockets = Array.from({ length: 10 }, () => observe(last.connect({ host: '10.3.0.1', port: 80 })));
  w.advance(1_000);
  const refused = observe(last.connect({ host: '10.3.0.1', port: 80 }));
  expect(errorOf(refused)?.code).toBe('CAPACITY');
  for (const socket of sockets.slice(0, 3)) write(socket.last, 'x');
  sockets[0]?.unsubscribe();
  const next = observe(last.connect({ host: '10.3.0.1', port: 80 }));
  w.advance(1_000);
  expect(next.values).toHaveLength(1);
});

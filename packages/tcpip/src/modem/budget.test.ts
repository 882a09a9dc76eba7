import { reconnect } from '@a7600/transport';
import { defer, merge, switchMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, openNetwork, textOf, world, write } from '../../test/world.js';
import type { Network } from '../network/network.js';
import { keepOnline } from '../recovery/keep-online.js';
import type { Traffic } from '../watch/traffic.js';

const HOUR = 3_600_000;

describe('the bytes that cost money', () => {
  test.each(['buffer', 'hex', 'push'] as const)('are counted by cause and link: receive %s', (receive) => {
    const w = world();
    w.outside.serve('10.3.0.1', 80).subscribe((connection) => {
      connection.received$.subscribe(() => connection.write(new Uint8Array(250)).subscribe());
    });
    const network = openNetwork(w, { receive });
    const traffic = observe(network.modem.last.traffic$);
    const socket = observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
    const received = observe(socket.last.received$);
    write(socket.last, 'x'.repeat(100));
    w.advance(5_000);
    expect(received.values.reduce((size, bytes) => size + bytes.length, 0)).toBe(250);
    const { sent, connects, lookups, links, received: bytes } = traffic.last as Traffic;
    expect({ sent, bytes, connects, lookups }).toEqual({ sent: 100, bytes: 250, connects: 300, lookups: 0 });
    if (receive !== 'push') expect(links[socket.last.link]).toEqual({ sent: 100, received: 250 });
  });

  test('are counted in a transparent session too', () => {
    const w = world();
    const accepted = observe(w.outside.serve('10.3.0.1', 80));
    const network = openNetwork(w, { transparent: true });
    const traffic = observe(network.modem.last.traffic$);
    const session = observe(network.last.transparent({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
    const received = observe(session.last.received$);
    write(session.last, 'x'.repeat(100));
    write(accepted.last, 'y'.repeat(250));
    w.advance(5_000);
    expect(textOf(received.values)).toHaveLength(250);
    expect(traffic.last).toMatchObject({ sent: 100, received: 250 });
    expect(traffic.last.links[0]).toEqual({ sent: 100, received: 250 });
  });

  test('that are spent on connects after one that failed are counted as retries, until one succeeds', () => {
    const w = world();
    const network = openNetwork(w);
    const traffic = observe(network.modem.last.traffic$);
    const attempt = () => {
      observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
      w.advance(1_000);
    };
    attempt();
    expect(traffic.last).toMatchObject({ connects: 300, retries: 0 });
    attempt();
    attempt();
    expect(traffic.last).toMatchObject({ connects: 900, retries: 600 });
    observe(w.outside.serve('10.3.0.1', 80));
    attempt();
    attempt();
    expect(traffic.last).toMatchObject({ connects: 1_500, retries: 900, checks: 0 });
  });

  test('end the network when the budget is used up, until its period is over', () => {
    const w = world({}, { budget: { bytes: 1_000, per: HOUR } });
    w.outside.serve('10.3.0.1', 80).subscribe((connection) => connection.received$.subscribe());
    const network = openNetwork(w);
    const socket = observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
    write(socket.last, 'x'.repeat(600));
    w.advance(1_000);
    expect(network.end).toBe('open');
    write(socket.last, 'x'.repeat(600));
    w.advance(5_000);
    expect(errorOf(network)).toMatchObject({
      code: 'BUDGET_SPENT',
      message: expect.stringMatching(/budget of 1000 bytes .* 1500 passed .* full again in 3\d{3} s/),
    });
    expect([w.module.control.openLinks, w.module.control.networkOpen]).toEqual([0, false]);
    const { last: modem } = network.modem;
    expect(errorOf(observe(modem.network()))?.code).toBe('BUDGET_SPENT');
    w.advance(HOUR);
    const again = observe(modem.network());
    w.advance(1_000);
    expect(again.values).toHaveLength(1);
  });

  test('are waited for until the budget is full again, with the module left alone', () => {
    const w = world();
    w.outside.serve('10.3.0.1', 80).subscribe();
    const waits: number[] = [];
    let opened = 0;
    const transport$ = defer(() => {
      opened += 1;
      return w.module;
    });
    const options = {
      modem: { scheduler: w.scheduler, budget: { bytes: 500, per: HOUR } },
      onStep: ({ delay }: { readonly delay: number }) => waits.push(delay),
    };
    const twice = (network: Network) => {
      const socket$ = network.connect({ host: '10.3.0.1', port: 80 });
      return merge(socket$, socket$);
    };
    observe(keepOnline(transport$, options).pipe(switchMap(twice)));
    w.advance(HOUR - 1_000);
    expect([opened, waits.length]).toEqual([1, 1]);
    w.advance(10_000);
    expect([opened, waits.length]).toEqual([2, 2]);
  });

  test('cannot be spent unseen by a loop of connects that fail, whatever opens them again', () => {
    const w = world();
    let attempts = 0;
    const life = observe(
      keepOnline(w.module, {
        modem: { scheduler: w.scheduler, budget: { bytes: 6_000, per: 24 * HOUR } },
      }).pipe(
        switchMap((network) => {
          const connect$ = network.connect({ host: '10.9.9.9', port: 1 });
          return connect$.pipe(
            reconnect({
              firstDelay: 10,
              lastDelay: 10,
              scheduler: w.scheduler,
              onWait: () => {
                attempts += 1;
              },
            }),
          );
        }),
      ),
    );
    w.advance(2 * HOUR);
    expect(life.end).toBe('open');
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(30);
  });
});

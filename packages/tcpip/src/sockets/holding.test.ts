import { NEVER, of, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { Lifetime } from '../base/lifetime.js';
import { holding } from './holding.js';
import { assertOpen, type NetworkScope } from './scope.js';

const { scheduler, advance } = virtualTime();
const root = () => Lifetime.root(scheduler);

describe('what is opened in a network', () => {
  const scope = (transparent = false) => ({ lifetime: root(), transparent }) as NetworkScope;

  test.each([
    ['links', 'CLOSED', 'The network was closed: open it again first.'],
    ['transparent', 'CLOSED', 'The network was closed: open it again first.'],
  ] as const)('needs an open one: %s', (use, code, message) => {
    const closed = scope(true);
    closed.lifetime.release();
    expect(() => assertOpen(closed, use)).toThrow(expect.objectContaining({ code, message }));
  });

  test('needs a transparent one for a transparent session', () => {
    expect(() => assertOpen(scope(), 'transparent')).toThrow(
      expect.objectContaining({
        code: 'WRONG_MODE',
        message: 'Open the network with transparent: true for a transparent session.',
      }),
    );
    expect(() => assertOpen(scope(true), 'transparent')).not.toThrow();
    expect(() => assertOpen(scope())).not.toThrow();
    expect(() => assertOpen(scope(true))).not.toThrow();
  });
});

describe('onReleased', () => {
  /** Holds something that takes 100 ms to be given back. */
  function opened(open: Parameters<typeof holding<number>>[2] = () => NEVER) {
    const released: number[] = [];
    const network = { lifetime: root(), transparent: true } as NetworkScope;
    let given: NetworkScope | undefined;
    const held$ = holding(
      network,
      () => released.push(scheduler.now()),
      (scope) => {
        given = scope;
        scope.lifetime.onRelease(() => timer(100, scheduler));
        return open(scope);
      },
    );
    return { released, network, held: observe(held$), given: () => given };
  }
  test('is called once when everything was given back, after an unsubscription', () => {
    const { released, held, network, given } = opened();
    expect(given()).toMatchObject({ transparent: true });
    expect(given()?.lifetime).not.toBe(network.lifetime);
    held.unsubscribe();
    advance(99);
    expect(released).toEqual([]);
    advance(1);
    expect(released).toHaveLength(1);
  });

  test('is called after an end too, and the values arrive', () => {
    const { released, held } = opened(() => of(1, 2));
    expect([held.values, held.end]).toEqual([[1, 2], 'complete']);
    advance(100);
    expect(released).toHaveLength(1);
  });

  test('where there is none, what is opened lives with the network', () => {
    const network = { lifetime: root() } as NetworkScope;
    let given: NetworkScope | undefined;
    const open = (scope: NetworkScope) => {
      given = scope;
      return of(1);
    };
    const held$ = holding(network, undefined, open);
    expect(given).toBeUndefined();
    expect(observe(held$).values).toEqual([1]);
    expect(given).toBe(network);
  });
});

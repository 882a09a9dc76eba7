import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Claim, LeaseKeeper } from './lease-keeper.js';

const holder = fc.integer({ min: 0, max: 3 });
const step = fc.oneof(
  fc.record({ do: fc.constant('acquire' as const), holder, ttl: fc.integer({ min: 1_000, max: 5_000 }) }),
  fc.record({ do: fc.constant('mirrored' as const) }),
  fc.record({ do: fc.constant('mirrorFails' as const) }),
  fc.record({ do: fc.constant('renew' as const), holder }),
  fc.record({ do: fc.constant('release' as const), holder }),
  fc.record({ do: fc.constant('command' as const), holder }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
);

test('commands of two holders are never executed in turns, and none of an old epoch after a newer grant', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const keeper = new LeaseKeeper();
      /** What each holder believes, however old that is. */
      const claims = new Map<number, Claim>();
      let now = 0;
      let revision = 0;
      let pending: { holder: number; ttl: number } | undefined;
      let newest = 0;
      const executed: number[] = [];
      for (const each of steps) {
        if (each.do === 'pass') now += each.ms;
        else if (each.do === 'acquire') {
          try {
            keeper.begin(`h${each.holder}`, `token-of-${each.holder}-${revision}`, now);
            // A second grant never begins while one is pending or held.
            expect(pending).toBeUndefined();
            expect(keeper.at(now)).toBeUndefined();
            pending = each;
          } catch (error) {
            expect(error).toMatchObject({ code: 'LEASE_HELD' });
          }
        } else if (each.do === 'mirrored' && pending !== undefined) {
          revision += 1;
          const { epoch, token, until } = keeper.grant(revision, pending.ttl, now);
          expect(until).toBe(now + pending.ttl);
          newest = epoch;
          claims.set(pending.holder, { epoch, token });
          pending = undefined;
        } else if (each.do === 'mirrorFails' && pending !== undefined) {
          // It may have been written all the same: the revision is used up.
          revision += 1;
          keeper.abandon();
          pending = undefined;
        } else if ('holder' in each) {
          const claim = claims.get(each.holder);
          if (claim === undefined) continue;
          if (each.do === 'renew') {
            try {
              keeper.renew(claim, 2_000, now);
            } catch (error) {
              expect(error).toMatchObject({ code: 'LEASE_LOST' });
            }
          } else if (each.do === 'release') keeper.release(claim, now);
          else if (keeper.refusal(claim, now) === undefined) {
            expect(claim.epoch).toBe(newest);
            executed.push(claim.epoch);
          }
        }
        const valid = [...claims.values()].filter((claim) => keeper.refusal(claim, now) === undefined);
        expect(valid.length).toBeLessThanOrEqual(1);
      }
      expect(executed).toEqual([...executed].sort((one, other) => one - other));
    }),
    { numRuns: 200 },
  );
});

test('a program that reads the epoch from the mirror cannot use the lease: the token is missing', () => {
  const keeper = new LeaseKeeper();
  keeper.begin('me', 'secret-token-of-me', 0);
  const { epoch } = keeper.grant(7, 1_000, 0);
  expect(keeper.refusal({ epoch, token: 'secret-token-guess' }, 1)).toMatchObject({ code: 'LEASE_LOST' });
  expect(keeper.refusal(undefined, 1)).toMatchObject({ code: 'LEASE_HELD' });
  expect(keeper.refusal(undefined, 1_000)).toMatchObject({ code: 'LEASE_REQUIRED' });
});

test('a mirror that got an old revision grants nothing', () => {
  const keeper = new LeaseKeeper();
  keeper.begin('a', 'token-token-token', 0);
  keeper.grant(9, 1_000, 0);
  keeper.begin('b', 'token-token-token', 2_000);
  expect(() => keeper.grant(9, 1_000, 2_000)).toThrow(/old revision 9/);
  expect(keeper.at(2_000)).toBeUndefined();
});

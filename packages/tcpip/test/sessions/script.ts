import { type FaultKind, faultsOf } from '@a7600/testing';
import { protocolPayload } from '@a7600/testing/arbitraries';
import fc from 'fast-check';

/** How commands and data share the way to the module. */
export type Ports = 'one' | 'two' | 'multiplexed';
export const PORTS: readonly Ports[] = ['one', 'two', 'multiplexed'];

/** What a program, its peers and the world do, as plain data. */
export interface Script {
  readonly receive: 'buffer' | 'hex' | 'push';
  readonly timing: 'instant' | 'recorded';
  /** Reads that may share a command line. */
  readonly joinedReads: number;
  /** Of the faults. */
  readonly seed: number;
  readonly rates: Partial<Record<FaultKind, number>>;
  /** Default one. */
  readonly ports?: Ports | undefined;
  readonly steps: readonly Step[];
}

/** Numbers choose among what there is, modulo their count. Times are in ms. */
export type Step =
  | { readonly does: 'connect' | 'listen' | 'call in' | 'bind' }
  | {
      readonly does: 'write' | 'answer';
      readonly which: number;
      /** What, or how many bytes of the same. */
      readonly payload: Uint8Array | number;
    }
  | { readonly does: 'send' | 'send back'; readonly which: number; readonly size: number }
  | {
      readonly does: 'close' | 'unsubscribe' | 'stop listening' | 'hang up' | 'reset' | 'pause' | 'resume';
      readonly which: number;
    }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'lose bearer' | 'lose registration'; readonly ms: number }
  | { readonly does: 'restart' | 'unplug' };

const which = fc.nat(9);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('connect' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('listen' as const, 'bind' as const) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('call in' as const) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constantFrom('write' as const, 'answer' as const),
      which,
      payload: fc.oneof(protocolPayload({ maxLength: 200 }), fc.integer({ min: 1_400, max: 5_000 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('send' as const, 'send back' as const),
      which,
      size: fc.integer({ min: 4, max: 700 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'close' as const,
        'unsubscribe' as const,
        'stop listening' as const,
        'hang up' as const,
        'reset' as const,
        'pause' as const,
        'resume' as const,
      ),
      which,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(20), fc.nat(2_000), fc.nat(60_000)),
    }),
  },
);

const outage: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constantFrom('lose bearer' as const, 'lose registration' as const),
    ms: fc.nat(90_000),
  }),
  fc.record({ does: fc.constantFrom('restart' as const, 'unplug' as const) }),
);

const rates = fc.dictionary(
  fc.constantFrom(...faultsOf('conditions'), ...faultsOf('silence')),
  fc.constantFrom(0.02, 0.1, 0.3),
  { maxKeys: 3 },
) as fc.Arbitrary<Script['rates']>;

/** Rates of what damages bytes or swallows lines. */
export const damage = fc.dictionary(
  fc.constantFrom(...faultsOf('noise'), ...faultsOf('silence')),
  fc.constantFrom(0.0005, 0.002, 0.01, 0.05),
  { minKeys: 1, maxKeys: 3 },
) as fc.Arbitrary<Script['rates']>;

/** Sessions of some dozen steps. Half of them have nothing go wrong, a quarter lose the network or more. */
export function script(): fc.Arbitrary<Script> {
  return scriptWith(fc.oneof(fc.constant({}), rates));
}

/** The same on a line that drops, doubles and flips bytes, or swallows lines. */
export function damagedScript(): fc.Arbitrary<Script> {
  return scriptWith(damage);
}

function scriptWith(rates: fc.Arbitrary<Script['rates']>): fc.Arbitrary<Script> {
  return fc.record({
    receive: fc.constantFrom('buffer', 'buffer', 'hex', 'push'),
    timing: fc.constantFrom('instant', 'recorded'),
    joinedReads: fc.constantFrom(1, 1, 4),
    seed: fc.nat(10_000),
    rates,
    ports: fc.constantFrom(...PORTS),
    steps: fc.array(fc.oneof({ weight: 40, arbitrary: step }, { weight: 1, arbitrary: outage }), {
      maxLength: 40,
      size: 'max',
    }),
  });
}

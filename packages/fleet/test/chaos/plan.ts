/** Something that can happen to a program. */
export interface Kind {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  /** To which programs. */
  readonly targets: readonly string[];
  /** What of the program it changes: one thing at a time for each. */
  readonly aspect: 'process' | 'way' | 'modem' | 'consumer';
  /** The longest time in ms. */
  readonly longest: number;
}

/** Something that happens, in ms since the start. */
export interface Happening {
  readonly kind: string;
  readonly target: string;
  readonly at: number;
  readonly until: number;
}

/** Time in ms between two events, on average, unless a run has another one. */
export const BETWEEN = 1_500;
const SHORTEST = 300;
/** What is done to a program lasts at least so long after what was done before, in ms: it has to have had a life between. */
const REST = 1_500;

/** Says what happens when, with `between` ms from one event to the next on average: the same for the same seed. */
export function planOf(
  seed: number,
  count: number,
  kinds: readonly Kind[],
  between = BETWEEN,
): readonly Happening[] {
  const next = random(seed);
  const busy = new Map<string, number>();
  const plan: Happening[] = [];
  for (let at = 0; plan.length < count; at += between * (0.5 + next())) {
    const free = kinds.flatMap(({ targets, ...kind }) =>
      targets
        .filter((target) => (busy.get(`${target} ${kind.aspect}`) ?? 0) <= at)
        .map((target) => ({ ...kind, target, weight: kind.weight / targets.length })),
    );
    let place = next() * free.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = free.find(({ weight }) => {
      place -= weight;
      return place < 0;
    });
    if (chosen === undefined) continue;
    // Most are short and some outlast every timer.
    const length = SHORTEST + next() ** 2 * (chosen.longest - SHORTEST);
    busy.set(`${chosen.target} ${chosen.aspect}`, at + length + REST);
    plan.push({ kind: chosen.name, target: chosen.target, at, until: at + length });
  }
  return plan;
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
export function random(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

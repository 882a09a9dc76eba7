/** A seeded source of chance: the same seed gives the same numbers, on every machine. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** True for a share `rate` (0 to 1) of the calls. Draws nothing at 0 and 1. */
  chance(rate: number): boolean;
  /** A source of its own for one purpose, so that drawing from one never shifts another. */
  fork(purpose: string): Random;
}

/** Makes a {@link Random}; any whole number is a seed. */
export function random(seed: number): Random {
  let state = seed >>> 0;

  // mulberry32: 32 bits of state, passes the usual batteries, four lines.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };

  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (rate) => rate > 0 && (rate >= 1 || next() < rate),
    fork: (purpose) => random(hash(purpose, seed)),
  };
}

/** FNV-1a of the text, begun with the seed. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}

/** A fixed amount, or the ends of a range that a random number is drawn from. */
export type Range = number | readonly [min: number, max: number];

/** An amount from `range`. */
export function within(range: Range, chance: Random): number {
  if (typeof range === 'number') return range;
  const [min, max] = range;
  return min === max ? min : min + chance.next() * (max - min);
}

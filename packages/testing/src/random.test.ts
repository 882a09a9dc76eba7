import { describe, expect, test } from 'vitest';
import { random, within } from './random.js';

describe('random', () => {
  const draw = (seed: number) => {
    const chance = random(seed);
    return Array.from({ length: 100 }, () => chance.next());
  };

  test('gives the same numbers for the same seed, others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(
      draw(1)
        .slice(0, 3)
        .map((value) => value.toFixed(6)),
    ).toEqual(['0.627074', '0.002736', '0.527447']);
  });

  test('spreads over its range', () => {
    const chance = random(3);
    const counts = Array<number>(6).fill(0);
    for (let turn = 0; turn < 6_000; turn++) {
      const value = chance.integer(1, 6);
      counts[value - 1] = (counts[value - 1] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test('a fork draws for itself and depends on its purpose', () => {
    const one = random(1);
    const fork = one.fork('loss');
    const first = fork.next();
    one.next();
    expect([random(1).fork('loss').next(), random(1).fork('delay').next() === first]).toEqual([first, false]);
  });

  test('chances of 0 and 1 draw nothing', () => {
    const [one, two] = [random(5), random(5)];
    expect([one.chance(0), one.chance(1), one.next()]).toEqual([false, true, two.next()]);
  });

  test('within takes a number as it is', () => {
    expect(within(4, random(1))).toBe(4);
    expect(within([4, 4], random(1))).toBe(4);
    const value = within([10, 20], random(1));
    expect(value > 10 && value < 20).toBe(true);
  });
});

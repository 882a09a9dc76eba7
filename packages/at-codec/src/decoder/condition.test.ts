import { expect, test } from 'vitest';
import { byIntegers, decisionOf } from './condition.js';
import type { Line } from './line.js';

const line = (integerCount: number) => ({ integerCount }) as Line;

test('what the number of integers does not decide is asked, and refused where there is nothing to ask', () => {
  const decide = (count: number) => (count > 2 ? undefined : count === 2);
  const asked: Line[] = [];
  const asking = byIntegers(decide, (each) => {
    asked.push(each);
    return each.integerCount === 3;
  });
  expect([1, 2, 3, 4].map((count) => asking(line(count)))).toEqual([false, true, true, false]);
  expect(asked.map(({ integerCount }) => integerCount)).toEqual([3, 4]);
  expect([1, 2, 3].map((count) => byIntegers(decide)(line(count)))).toEqual([false, true, false]);
});

test('a condition tells how it decides; any other function does not', () => {
  expect(
    [1, 2, 3].map((count) => decisionOf(byIntegers((n) => (n > 2 ? undefined : n === 2)))?.(count)),
  ).toEqual([false, true, undefined]);
  expect(decisionOf(() => true)).toBeUndefined();
});

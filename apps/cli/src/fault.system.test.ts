import { expect, test } from 'vitest';
import { A7600, ended } from '../test/real.js';
import { scratch } from '../test/scratch.js';

const own = scratch();

test('a mistake that nothing catches looks like one, in a process of its own', async () => {
  // Once the program is there.
  const mistake = `const looking = setInterval(() => {
    if (process.listenerCount('uncaughtException') === 0) return;
    clearInterval(looking);
    throw new TypeError('x is not a function');
  }, 10);`;
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(mistake)}` };
  const outcome = await ended(own.open, [...A7600, 'term', '--emulated'], { env, input: 'open' });
  expect(outcome.code).toBe(70);
  expect(outcome.messages).toMatch(
    /a7600 itself failed\..*please report it.*TypeError: x is not a function/s,
  );
});

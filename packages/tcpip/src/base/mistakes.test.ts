import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EMPTY } from 'rxjs';
import { expect, test } from 'vitest';
import { noticing } from './mistakes.js';

/** The garbage collector, which the runtime hides. */
const collectGarbage = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

test('an observable that is discarded unsubscribed is reported, one that was subscribed to is not', async () => {
  const reports: string[] = [];
  await new Promise<void>((resolve) => {
    const noticed = noticing((message) => {
      reports.push(message);
      resolve();
    });
    const use = () => noticed(EMPTY, () => 'used').subscribe();
    const lose = () => void noticed(EMPTY, () => 'lost');
    use();
    const collect = () => {
      // Another one each time: a register or a cache may keep one alive.
      lose();
      collectGarbage();
      if (reports.length === 0) setImmediate(collect);
    };
    setImmediate(collect);
  });
  expect(new Set(reports)).toEqual(new Set(['lost']));
});

test('without anybody to report to, the observable stays as it is', () => {
  expect(noticing(undefined)(EMPTY, () => 'lost')).toBe(EMPTY);
});

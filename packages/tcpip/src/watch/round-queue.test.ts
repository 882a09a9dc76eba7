import { config, EMPTY, NEVER, Subscription } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { RoundQueue } from './round-queue.js';
import { Watch } from './watch.js';

/** Many that want to begin at the same moment. */
function crowd(count: number) {
  const time = virtualTime();
  const queue = new RoundQueue(time.scheduler);
  const begun: number[] = [];
  const lives = Array.from({ length: count }, () => new Subscription());
  const leave = lives.map((life, index) =>
    queue.enter(() => {
      begun.push(index);
      return life;
    }),
  );
  return { ...time, begun, lives, leave };
}

test('eight begin at once, and another one whenever one has ended', () => {
  const { begun, lives } = crowd(20);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  lives[3]?.unsubscribe();
  lives[8]?.unsubscribe();
  expect(begun.slice(8)).toEqual([8, 9]);
});

test('those that do not end hold up no other for more than a quarter of a second', () => {
  const { begun, advance, lives } = crowd(20);
  advance(249);
  expect(begun).toHaveLength(8);
  advance(1);
  expect(begun).toHaveLength(16);
  // Their places were given away.
  lives[0]?.unsubscribe();
  expect(begun).toHaveLength(16);
  lives[8]?.unsubscribe();
  expect(begun).toHaveLength(17);
  advance(250);
  expect(begun).toHaveLength(20);
});

test('nothing is scheduled while no modem waits', () => {
  expect(crowd(8).scheduler.actions).toEqual([]);
  const { scheduler, lives } = crowd(9);
  expect(scheduler.actions).toHaveLength(1);
  lives[0]?.unsubscribe();
  expect(scheduler.actions).toEqual([]);
});

test('who leaves the queue does not begin', () => {
  const { begun, lives, leave } = crowd(10);
  leave[8]?.();
  lives[0]?.unsubscribe();
  expect(begun.slice(8)).toEqual([9]);
});

test('one that throws gives its place back at once, and the others begin', async () => {
  const reported: unknown[] = [];
  // RxJS reports each of them in a turn of its own.
  const allReported = new Promise<void>((resolve) => {
    config.onUnhandledError = (error) => {
      if (reported.push(error) === 8) resolve();
    };
  });
  onTestFinished(() => {
    config.onUnhandledError = null;
  });
  const { scheduler } = virtualTime();
  const queue = new RoundQueue(scheduler);
  const lives = Array.from({ length: 8 }, () => new Subscription());
  for (const life of lives) queue.enter(() => life);
  const begun: number[] = [];
  for (const [index, life] of lives.entries()) {
    queue.enter(() => {
      throw new Error(`of modem ${index}`);
    });
    queue.enter(() => {
      begun.push(index);
      return new Subscription();
    });
    life.unsubscribe();
  }
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await allReported;
  expect(reported).toEqual(begun.map((index) => new Error(`of modem ${index}`)));
});

test('ten thousand that have nothing to ask begin one after the other', () => {
  const queue = new RoundQueue(virtualTime().scheduler);
  let begun = 0;
  const places = Array.from({ length: 8 }, () => new Subscription());
  for (const place of places) queue.enter(() => place);
  for (let count = 0; count < 10_000; count++) {
    queue.enter(() => {
      begun += 1;
      return Subscription.EMPTY;
    });
  }
  expect(begun).toBe(0);
  places[0]?.unsubscribe();
  expect(begun).toBe(10_000);
});

test('modems with one clock are confirmed a few at a time, and those that were closed are not', () => {
  const { scheduler, advance } = virtualTime();
  const asked: number[] = [];
  const watches = Array.from({ length: 12 }, (_, index) => {
    const watch = new Watch({
      ...{ scheduler, interval: 60_000, canAsk: () => true },
      ...{ onUnconfirmed: () => {}, onMute: () => {} },
    });
    watch.believe(() => {
      asked.push(index);
      return index < 8 ? NEVER : EMPTY;
    });
    return watch;
  });
  advance(60_000);
  expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  watches[9]?.stop();
  watches[0]?.stop();
  expect(asked.slice(8)).toEqual([8, 10, 11]);
});

test('a modem that still waits when its next interval begins keeps its place, and leaves the queue for good', () => {
  const { scheduler, advance } = virtualTime();
  const stopped = new Set<number>();
  const asked: number[] = [];
  const late: number[] = [];
  const watches = Array.from({ length: 60 }, (_, index) => {
    const watch = new Watch({
      ...{ scheduler, interval: 1_000, onUnconfirmed: () => {}, onMute: () => {} },
      canAsk: () => {
        if (stopped.has(index)) late.push(index);
        return true;
      },
    });
    watch.believe(() => {
      asked.push(index);
      return NEVER;
    });
    return watch;
  });
  // They are mute, so that 32 of them are asked in a second.
  advance(2_100);
  expect(asked).toEqual(Array.from({ length: 40 }, (_, index) => index));
  for (const [index, watch] of [...watches.entries()].reverse()) {
    stopped.add(index);
    watch.stop();
  }
  advance(10_000);
  expect(late).toEqual([]);
});

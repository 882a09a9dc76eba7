import { describe, expect, test } from 'vitest';
import type { LinkEnd } from './byte-link.js';
import { receiveQueue } from './receive-queue.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

function collect(source: ReturnType<typeof receiveQueue>) {
  const seen: (number | string)[] = [];
  const subscription = source.received$.subscribe({
    next: (chunk) => seen.push(...chunk),
    error: (error: Error) => seen.push(error.message),
    complete: () => seen.push('complete'),
  });
  return { seen, subscription };
}

describe('receiveQueue', () => {
  test('keeps what comes before the first subscriber', () => {
    const source = receiveQueue();
    source.push(bytes(1, 2));
    expect(source.queuedBytes).toBe(2);
    expect(collect(source).seen).toEqual([1, 2]);
    expect(source.queuedBytes).toBe(0);
  });

  test('keeps what comes while it is paused, and between subscribers', () => {
    const source = receiveQueue();
    const first = collect(source);
    source.pause();
    source.push(bytes(1));
    expect(first.seen).toEqual([]);
    source.resume();
    first.subscription.unsubscribe();
    source.push(bytes(2));
    expect(first.seen).toEqual([1]);
    expect(collect(source).seen).toEqual([2]);
  });

  test('stops in the middle of a backlog when it is paused there', () => {
    const source = receiveQueue();
    source.push(bytes(1));
    source.push(bytes(2));
    const seen: number[] = [];
    source.received$.subscribe((chunk) => {
      seen.push(...chunk);
      source.pause();
    });
    expect(seen).toEqual([1]);
    source.resume();
    expect(seen).toEqual([1, 2]);
  });

  test('delivers what is pushed during a delivery after it, to every subscriber in order', () => {
    const source = receiveQueue();
    const seen: string[] = [];
    source.received$.subscribe(([value]) => {
      seen.push(`a${value}`);
      if (value === 1) source.push(bytes(2));
    });
    source.received$.subscribe(([value]) => seen.push(`b${value}`));
    source.push(bytes(1));
    expect(seen).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  test('tells the source when bytes are wanted', () => {
    const demand: boolean[] = [];
    const source = receiveQueue((hasDemand) => demand.push(hasDemand));
    const { subscription } = collect(source);
    source.pause();
    source.resume();
    subscription.unsubscribe();
    expect(demand).toEqual([true, false, true, false]);
  });

  test('announces the end at once and completes after what is queued', () => {
    const source = receiveQueue();
    const ends: LinkEnd[] = [];
    source.push(bytes(1));
    source.end({ by: 'remote' });
    source.ended$.subscribe((end) => ends.push(end));
    expect(ends).toEqual([{ by: 'remote' }]);
    source.push(bytes(9));
    expect(collect(source).seen).toEqual([1, 'complete']);
    expect(collect(source).seen).toEqual(['complete']);
  });

  test('takes bytes between the announcement of the end and the last of them', () => {
    const source = receiveQueue();
    const { seen } = collect(source);
    source.announce({ by: 'remote' });
    source.push(bytes(1));
    expect(seen).toEqual([1]);
    source.finish();
    expect(seen).toEqual([1, 'complete']);
  });

  test('errors when the link was lost, and remembers the first end only', () => {
    const source = receiveQueue();
    const { seen } = collect(source);
    source.end({ by: 'lost', error: new Error('unplugged') });
    source.end({ by: 'local' });
    expect(seen).toEqual(['unplugged']);
    expect(source.reason?.by).toBe('lost');
  });

  test('errors after what was pushed when more should have come, whatever the end was', () => {
    const source = receiveQueue();
    source.push(bytes(1));
    source.announce({ by: 'remote' });
    source.fail(new Error('the rest is gone'));
    source.finish();
    expect(collect(source).seen).toEqual([1, 'the rest is gone']);
  });

  test('ends for all of many subscribers, once each', () => {
    const source = receiveQueue();
    let ends = 0;
    const count = () => (ends += 1);
    for (let index = 0; index < 5_000; index++) source.received$.subscribe({ complete: count });
    source.end({ by: 'remote' });
    expect(ends).toBe(5_000);
    source.received$.subscribe({ complete: count });
    expect(ends).toBe(5_001);
  });

  test('delivers a chunk to those who were there when it came', () => {
    const source = receiveQueue();
    const seen: string[] = [];
    const first = source.received$.subscribe(() => {
      seen.push('first');
      first.unsubscribe();
      second.unsubscribe();
      source.received$.subscribe(() => seen.push('third'));
    });
    const second = source.received$.subscribe(() => seen.push('second'));
    source.push(bytes(1));
    expect(seen).toEqual(['first']);
    source.push(bytes(2));
    expect(seen).toEqual(['first', 'third']);
  });

  test('ends in order when the end comes during a delivery', () => {
    const source = receiveQueue();
    const seen: (number | string)[] = [];
    source.received$.subscribe({
      next: ([value]) => {
        seen.push(value as number);
        source.end({ by: 'local' });
      },
      complete: () => seen.push('complete'),
    });
    source.push(bytes(1));
    expect(seen).toEqual([1, 'complete']);
  });
});

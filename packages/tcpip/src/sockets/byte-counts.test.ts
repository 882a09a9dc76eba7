import { describe, expect, test } from 'vitest';
import { ByteCounts } from './byte-counts.js';

/** What is found in counts that the module tells one after the other, each with what was read and written here. */
function found(
  ...told: readonly (readonly [received: number, held: number, read: number, sent?: number, own?: number])[]
) {
  const counts = new ByteCounts();
  return told.map(([received, held, read, sent = 0, own = 0]) => {
    const here = { read, confirmed: own, submitted: own };
    return counts.progress({ sent, acknowledged: 0, received }, here) ?? counts.held(held, here);
  });
}

describe('what the module counts of a connection (AT+CIPACK, AT+CIPRXGET=4)', () => {
  test('agrees with what was read and what it holds', () => {
    expect(found([0, 0, 0], [4, 0, 4], [14, 10, 4], [14, 0, 14])).toEqual(Array(4).fill(undefined));
  });

  test('shows that another program has read bytes', () => {
    expect(found([4, 0, 4], [14, 6, 4])).toEqual([undefined, 'bytes are missing']);
  });

  test('shows that another connection has the link, whatever it has received by now', () => {
    expect(found([4, 0, 4], [0, 0, 4])).toEqual([undefined, 'another connection']);
    expect(found([0, 0, 0, 8, 8], [0, 0, 0, 7, 8])).toEqual([undefined, 'another connection']);
  });

  test('shows that another program has written', () => {
    expect(found([0, 0, 0, 8, 8], [0, 0, 0, 11, 8])).toEqual([undefined, 'bytes are added']);
  });

  test('shows nothing before it has agreed: what firmware counts is not certain', () => {
    expect(found([0, 0, 0], [14, 6, 4], [0, 0, 4])).toEqual(Array(3).fill(undefined));
    expect(found([0, 0, 0, 5, 8], [0, 0, 0, 11, 8])).toEqual([undefined, undefined]);
  });

  test('shows nothing after it has agreed on zero bytes: firmware that does not count says the same', () => {
    expect(found([0, 0, 0], [0, 0, 0, 11, 8])).toEqual([undefined, undefined]);
  });

  test.each([
    ['is written', { sent: 8, confirmed: 8, submitted: 12 }],
    ['is not confirmed yet', { sent: 12, confirmed: 8, submitted: 12 }],
  ])('has not agreed while more %s than was counted', (_, { sent, ...own }) => {
    const counts = new ByteCounts();
    const told = { acknowledged: 0, received: 0 };
    expect(counts.progress({ ...told, sent }, { ...own, read: 0 })).toBeUndefined();
    expect(counts.progress({ ...told, sent: 7 }, { ...own, read: 0 })).toBeUndefined();
  });

  test('has not agreed when bytes were read between its two answers', () => {
    const counts = new ByteCounts();
    const own = (read: number) => ({ read, confirmed: 0, submitted: 0 });
    const told = (received: number) => ({ sent: 0, acknowledged: 0, received });
    expect([counts.progress(told(10), own(4)), counts.held(0, own(10))]).toEqual([undefined, undefined]);
    expect(counts.progress(told(5), own(10))).toBeUndefined();
  });

  test('shows nothing where firmware counts what it holds', () => {
    expect(found([10, 10, 0], [0, 0, 10], [5, 5, 10], [0, 0, 15])).toEqual(Array(4).fill(undefined));
  });

  test('shows nothing while bytes are on their way', () => {
    const counts = new ByteCounts();
    counts.progress({ sent: 8, acknowledged: 0, received: 0 }, { read: 0, confirmed: 8, submitted: 8 });
    const own = { read: 0, confirmed: 8, submitted: 12 };
    expect(counts.progress({ sent: 12, acknowledged: 0, received: 0 }, own)).toBeUndefined();
    expect(counts.progress({ sent: 13, acknowledged: 0, received: 0 }, own)).toBe('bytes are added');
  });

  test('is compared only after it was told', () => {
    expect(new ByteCounts().held(0, { read: 0, confirmed: 0, submitted: 0 })).toBeUndefined();
  });
});

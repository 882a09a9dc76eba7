import { describe, expect, test } from 'vitest';
import { type BridgeStatistics, bridge } from './bridge.js';
import type { ByteLink } from './byte-link.js';
import { linkPair } from './link-pair.js';

const bytes = (length: number) => new Uint8Array(length);

function reader(link: ByteLink) {
  const seen = { bytes: 0, completed: false };
  link.received$.subscribe({
    next: (chunk) => {
      seen.bytes += chunk.length;
    },
    error: () => {},
    complete: () => {
      seen.completed = true;
    },
  });
  return seen;
}

/** Two people at the outer ends of two pairs, and a bridge between the inner ends. */
function bridged(highWater?: number) {
  const [left, a] = linkPair();
  const [b, right] = linkPair();
  const seen: { values: BridgeStatistics[]; error: string; completed: boolean } = {
    values: [],
    error: '',
    completed: false,
  };
  const subscription = bridge(a, b, { highWater }).subscribe({
    next: (value) => seen.values.push(value),
    error: (error: Error) => {
      seen.error = error.message;
    },
    complete: () => {
      seen.completed = true;
    },
  });
  return { left, a, b, right, seen, subscription };
}

describe('bridge', () => {
  test('joins two links both ways and counts what was accepted', () => {
    const { left, right, seen } = bridged();
    const [atLeft, atRight] = [reader(left), reader(right)];
    left.write(bytes(10)).subscribe();
    right.write(bytes(3)).subscribe();
    left.write(bytes(5)).subscribe();
    expect([atLeft.bytes, atRight.bytes]).toEqual([3, 15]);
    expect(seen.values).toEqual([
      { aToB: 10, bToA: 0, ended: undefined },
      { aToB: 10, bToA: 3, ended: undefined },
      { aToB: 15, bToA: 3, ended: undefined },
    ]);
  });

  test('ends with the reason of the link that ended, once the other has everything', () => {
    const { left, a, b, right, seen } = bridged();
    left.write(bytes(7)).subscribe();
    left.close().subscribe();
    expect(seen.completed).toBe(false);
    reader(right);
    expect(seen.values.at(-1)).toEqual({
      aToB: 7,
      bToA: 0,
      ended: { link: 'a', reason: { by: 'remote' } },
    });
    expect(seen.completed).toBe(true);
    // The other link is still the caller's.
    const [atRight, atB] = [reader(right), reader(b)];
    right.write(bytes(1)).subscribe();
    b.write(bytes(2)).subscribe();
    expect([atB.bytes, atRight.bytes]).toEqual([1, 2]);
    expect(reader(a).completed).toBe(true);
  });

  test('bytes for a link that has ended are no failure', () => {
    const { left, right, seen } = bridged();
    const waiting: string[] = [];
    right.write(bytes(4)).subscribe({ complete: () => waiting.push('accepted') });
    left.close().subscribe();
    right.write(bytes(4)).subscribe();
    expect(waiting).toEqual(['accepted']);
    expect(seen).toMatchObject({ error: '', completed: true });
    expect(seen.values.at(-1)?.ended).toEqual({ link: 'a', reason: { by: 'remote' } });
  });

  test('a link that is closed from this side ends it, too', () => {
    const { b, left, seen } = bridged();
    reader(left);
    b.close().subscribe();
    expect(seen.values.at(-1)?.ended).toEqual({ link: 'b', reason: { by: 'local' } });
  });

  test('errors when a link is lost', () => {
    const { right, seen } = bridged();
    right.lose(new Error('cut'));
    expect(seen).toMatchObject({ error: 'cut', completed: false });
  });

  test('holds both sides back: no more than the high-water mark is under way', () => {
    const { left, right, seen } = bridged(100);
    const accepted = { left: 0, right: 0 };
    for (let chunk = 0; chunk < 50; chunk++) {
      left.write(bytes(10)).subscribe({ complete: () => (accepted.left += 10) });
      right.write(bytes(10)).subscribe({ complete: () => (accepted.right += 10) });
    }
    expect(accepted).toEqual({ left: 100, right: 100 });
    reader(left);
    reader(right);
    expect(seen.values.at(-1)).toMatchObject({ aToB: 500, bToA: 500 });
  });

  test('passes the end of one direction on where the other link has half-open', () => {
    const [left, a] = linkPair();
    const [inner, right] = linkPair();
    let told = 0;
    const b: ByteLink = {
      ...inner,
      end: () => {
        told += 1;
        return inner.write(new Uint8Array(0));
      },
    };
    bridge(a, b).subscribe();
    reader(right);
    left.write(bytes(1)).subscribe();
    expect(told).toBe(0);
    left.close().subscribe();
    expect(told).toBe(1);
  });

  test('unsubscribing lets both links go, and flow', () => {
    const { left, a, seen, subscription } = bridged(1);
    left.write(bytes(1)).subscribe();
    subscription.unsubscribe();
    left.write(bytes(2)).subscribe();
    expect([reader(a).bytes, seen.values]).toEqual([2, []]);
  });
});

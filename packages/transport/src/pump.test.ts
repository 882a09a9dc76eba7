import { describe, expect, test } from 'vitest';
import type { ByteLink } from './byte-link.js';
import { linkPair } from './link-pair.js';
import { pump } from './pump.js';

function reader(link: ByteLink) {
  const received: number[] = [];
  link.received$.subscribe({ next: (chunk) => received.push(...chunk), error: () => {} });
  return received;
}

describe('pump', () => {
  test('copies everything and completes when the source has ended and all is accepted', () => {
    const [source, from] = linkPair();
    const [to, sink] = linkPair();
    const seen: (number | string)[] = [];
    pump(from, to).subscribe({ next: (size) => seen.push(size), complete: () => seen.push('complete') });
    source.write(Uint8Array.from([1, 2, 3])).subscribe();
    source.close().subscribe();
    expect(seen).toEqual([]);
    expect(reader(sink)).toEqual([1, 2, 3]);
    expect(seen).toEqual([3, 'complete']);
  });

  test('a slow sink holds the source back at the high-water mark', () => {
    const [source, from] = linkPair();
    const [to, sink] = linkPair();
    pump(from, to, { highWater: 100 }).subscribe();
    let accepted = 0;
    for (let chunk = 0; chunk < 50; chunk++) {
      source.write(new Uint8Array(10)).subscribe({ complete: () => (accepted += 10) });
    }
    expect(accepted).toBe(100);
    const received = reader(sink);
    expect(received).toHaveLength(500);
    expect(accepted).toBe(500);
  });

  test('errors when the sink fails, and lets the source flow again', () => {
    const [source, from] = linkPair();
    const [to, sink] = linkPair();
    const errors: string[] = [];
    pump(from, to, { highWater: 1 }).subscribe({ error: (error: Error) => errors.push(error.message) });
    source.write(Uint8Array.from([1])).subscribe();
    sink.lose(new Error('cut'));
    expect(errors).toEqual(['cut']);
    source.write(Uint8Array.from([2])).subscribe();
    expect(reader(from)).toEqual([2]);
  });

  test('errors when the source is lost', () => {
    const [source, from] = linkPair();
    const errors: string[] = [];
    pump(from, linkPair()[0]).subscribe({ error: (error: Error) => errors.push(error.message) });
    source.lose(new Error('gone'));
    expect(errors).toEqual(['gone']);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkPair } from './link-pair.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('linkPair', () => {
  test('a write is accepted when the other end delivers it', () => {
    const [a, b] = linkPair();
    const steps: string[] = [];
    a.write(bytes(1, 2)).subscribe({ complete: () => steps.push('accepted') });
    expect(steps).toEqual([]);
    b.received$.subscribe((chunk) => steps.push(`got ${chunk}`));
    expect(steps).toEqual(['got 1,2', 'accepted']);
  });

  test('a write that is unsubscribed before it is accepted is never delivered', () => {
    const [a, b] = linkPair();
    a.write(bytes(1)).subscribe().unsubscribe();
    a.write(bytes(2)).subscribe();
    const seen: number[] = [];
    b.received$.subscribe((chunk) => seen.push(...chunk));
    expect(seen).toEqual([2]);
  });

  test('the reader keeps a copy', () => {
    const [a, b] = linkPair();
    const seen: Uint8Array[] = [];
    b.received$.subscribe((chunk) => seen.push(chunk));
    const buffer = bytes(1, 2, 3);
    a.write(buffer).subscribe();
    buffer.fill(0);
    expect(seen).toEqual([bytes(1, 2, 3)]);
  });

  test('answers inside a write do not nest and do not overtake', () => {
    const [a, b] = linkPair();
    const seen: number[] = [];
    let depth = 0;
    let deepest = 0;
    b.received$.subscribe(([value = 0]) => {
      if (value < 1000) b.write(bytes(1)).subscribe();
    });
    a.received$.subscribe(() => {
      depth += 1;
      deepest = Math.max(deepest, depth);
      seen.push(seen.length);
      if (seen.length < 10_000) a.write(bytes(1)).subscribe();
      depth -= 1;
    });
    a.write(bytes(1)).subscribe();
    expect(seen).toHaveLength(10_000);
    expect(deepest).toBe(1);
  });

  test('close waits for what was written, then ends both ends', () => {
    const [a, b] = linkPair();
    const steps: string[] = [];
    a.ended$.subscribe((end) => steps.push(`a ${end.by}`));
    b.ended$.subscribe((end) => steps.push(`b ${end.by}`));
    a.write(bytes(1)).subscribe();
    a.close().subscribe({ complete: () => steps.push('closed') });
    expect(steps).toEqual([]);
    b.received$.subscribe({
      next: (chunk) => steps.push(`got ${chunk}`),
      complete: () => steps.push('done'),
    });
    expect(steps).toEqual(['got 1', 'a local', 'b remote', 'done', 'closed']);
  });

  test('writing to a closed end fails, and closing it again completes', () => {
    const [a, b] = linkPair();
    a.close().subscribe();
    const steps: string[] = [];
    b.write(bytes(1)).subscribe({ error: (error: { code: string }) => steps.push(error.code) });
    b.close().subscribe({ complete: () => steps.push('closed') });
    expect(steps).toEqual(['TRANSPORT_CLOSED', 'closed']);
  });

  test('a lost pair fails both ends and what waits to be accepted', () => {
    const [a, b] = linkPair();
    const steps: string[] = [];
    const failed = (who: string) => ({ error: (error: Error) => steps.push(`${who}: ${error.message}`) });
    a.received$.subscribe(failed('a'));
    a.write(bytes(1)).subscribe(failed('write'));
    b.lose(new Error('cut'));
    b.received$.subscribe(failed('b'));
    expect(steps.sort()).toEqual(['a: cut', 'b: cut', 'write: cut']);
  });

  test('every byte arrives once and in order, whatever the reader does', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('write' as const), size: fc.integer({ min: 0, max: 20 }) }),
      fc.record({
        do: fc.constantFrom('pause' as const, 'resume' as const, 'leave' as const, 'join' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const [a, b] = linkPair();
        const received: number[] = [];
        let sent = 0;
        let accepted = 0;
        const join = () => b.received$.subscribe((chunk) => received.push(...chunk));
        let reader = join();
        for (const action of steps) {
          if (action.do === 'write') {
            const chunk = Uint8Array.from({ length: action.size }, () => sent++ % 256);
            a.write(chunk).subscribe({
              complete: () => {
                accepted += chunk.length;
              },
            });
          } else if (action.do === 'leave') reader.unsubscribe();
          else if (action.do === 'join') {
            reader.unsubscribe();
            reader = join();
          } else b[action.do]();
          expect(received.length).toBe(accepted);
        }
        b.resume();
        reader.unsubscribe();
        join();
        expect(received).toEqual(Array.from({ length: sent }, (_, index) => index % 256));
      }),
    );
  });
});

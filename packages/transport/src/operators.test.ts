import { concat, defer, EMPTY, NEVER, Observable, of, throwError, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { ByteLink, LinkEnd } from './byte-link.js';
import { TransportError } from './errors.js';
import { linkPair } from './link-pair.js';
import { type ReconnectAttempt, reconnect } from './reconnect.js';
import { tapLink } from './tap-link.js';

describe('tapLink', () => {
  test('shows what passes, once each, and how it ended', () => {
    const [link, far] = linkPair();
    const seen: string[] = [];
    const observer = {
      received: (bytes: Uint8Array) => seen.push(`< ${bytes}`),
      written: (bytes: Uint8Array) => seen.push(`> ${bytes}`),
      ended: (end: LinkEnd) => seen.push(end.by),
    };
    let tapped: ByteLink | undefined;
    of(link)
      .pipe(tapLink(observer))
      .subscribe((opened) => (tapped = opened));
    tapped?.received$.subscribe();
    tapped?.received$.subscribe();
    far.received$.subscribe();
    far.write(Uint8Array.of(1, 2)).subscribe();
    tapped?.write(Uint8Array.of(3)).subscribe();
    far.close().subscribe();
    expect(seen).toEqual(['< 1,2', '> 3', 'remote']);
  });

  test('keeps what else the link can do, and its state', () => {
    class Counting {
      count = 0;
      increment() {
        this.count += 1;
        return this.count;
      }
    }
    const [pair] = linkPair();
    const link = Object.assign(new Counting(), pair);
    let tapped: typeof link | undefined;
    of(link)
      .pipe(tapLink({ received: () => {} }))
      .subscribe((opened) => (tapped = opened));
    tapped?.increment();
    expect([tapped?.increment(), link.count]).toEqual([2, 2]);
  });
});

describe('reconnect', () => {
  /** Fails, or is open for some ms, as often as it is told, then stays open. */
  function flaky(scheduler: VirtualTimeScheduler, openFor: (number | 'fails')[]) {
    const starts: number[] = [];
    const source$ = defer(() => {
      starts.push(scheduler.now());
      const open = openFor.shift();
      if (open === undefined) return concat(of('open'), NEVER);
      if (open === 'fails') return throwError(() => new Error('no'));
      return new Observable<string>((subscriber) => {
        subscriber.next('open');
        scheduler.schedule(() => subscriber.error(new Error('lost')), open);
      });
    });
    return { starts, source$ };
  }

  test('tries again after pauses that double up to the last', () => {
    const scheduler = new VirtualTimeScheduler();
    const { starts, source$ } = flaky(scheduler, Array(7).fill('fails'));
    const waits: ReconnectAttempt[] = [];
    source$
      .pipe(
        reconnect({
          firstDelay: 100,
          lastDelay: 1_000,
          jitter: 0,
          scheduler,
          onWait: (wait) => waits.push(wait),
        }),
      )
      .subscribe();
    scheduler.flush();
    expect(starts).toEqual([0, 100, 300, 700, 1_500, 2_500, 3_500, 4_500]);
    expect(waits.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('does not try before the time that the error states', () => {
    const scheduler = new VirtualTimeScheduler();
    const starts: number[] = [];
    const errors = [5_000, 50, undefined, Number.NaN].map((time) =>
      Object.assign(new Error('not yet'), { retryAfter: time }),
    );
    defer(() => {
      starts.push(scheduler.now());
      const error = errors.shift();
      return error === undefined ? NEVER : throwError(() => error);
    })
      .pipe(reconnect({ firstDelay: 100, lastDelay: 100, jitter: 0, scheduler }))
      .subscribe();
    scheduler.flush();
    expect(starts).toEqual([0, 5_000, 5_100, 5_200, 5_300]);
  });

  test('begins with the first pause again after it was open long enough', () => {
    const scheduler = new VirtualTimeScheduler();
    const { starts, source$ } = flaky(scheduler, ['fails', 'fails', 10_000, 'fails', 5]);
    source$.pipe(reconnect({ firstDelay: 100, jitter: 0, settledAfter: 10_000, scheduler })).subscribe();
    scheduler.flush();
    expect(starts).toEqual([0, 100, 300, 10_400, 10_600, 11_005]);
  });

  test('leaves part of each pause to chance', () => {
    const scheduler = new VirtualTimeScheduler();
    const chances = [0, 0.999, 0.5];
    const { starts, source$ } = flaky(scheduler, Array(3).fill('fails'));
    const random = () => chances.shift() ?? 0;
    source$.pipe(reconnect({ firstDelay: 1_000, jitter: 0.5, random, scheduler })).subscribe();
    scheduler.flush();
    expect(starts).toEqual([0, 1_000, 1_000 + 1_001, 1_000 + 1_001 + 3_000]);
  });

  test('passes an error on that only a person can mend, or when it has tried enough', () => {
    const scheduler = new VirtualTimeScheduler();
    const errors: string[] = [];
    const denied = new TransportError('PORT_DENIED', 'denied');
    const error = (problem: Error) => errors.push(problem.message);
    throwError(() => denied)
      .pipe(reconnect({ scheduler }))
      .subscribe({ error });
    const { starts, source$ } = flaky(scheduler, Array(9).fill('fails'));
    source$.pipe(reconnect({ attempts: 3, scheduler })).subscribe({ error });
    scheduler.flush();
    expect(errors).toEqual(['denied', 'no']);
    expect(starts).toHaveLength(4);
  });

  test('opens again after a completion when it is told to', () => {
    const scheduler = new VirtualTimeScheduler();
    let starts = 0;
    const source$ = defer(() => (++starts < 4 ? EMPTY : NEVER));
    source$.pipe(reconnect({ scheduler })).subscribe();
    scheduler.flush();
    expect(starts).toBe(1);
    source$.pipe(reconnect({ whenClosed: true, scheduler })).subscribe();
    scheduler.flush();
    expect(starts).toBe(4);
  });

  test('unsubscribing ends the wait', () => {
    const scheduler = new VirtualTimeScheduler();
    throwError(() => new Error('no'))
      .pipe(reconnect({ scheduler }))
      .subscribe()
      .unsubscribe();
    scheduler.flush();
    expect(scheduler.now()).toBe(0);
  });
});

describe('linkPair with a shape', () => {
  test('takes its time: latency, then bandwidth', () => {
    const scheduler = new VirtualTimeScheduler();
    const [a, b] = linkPair({ latency: 20, bandwidth: 1_000, scheduler });
    const arrivals: string[] = [];
    b.received$.subscribe({
      next: (bytes) => arrivals.push(`${scheduler.now()}: ${bytes.length}`),
      complete: () => arrivals.push(`${scheduler.now()}: end`),
    });
    a.write(new Uint8Array(100)).subscribe();
    a.write(new Uint8Array(50)).subscribe();
    a.close().subscribe();
    scheduler.flush();
    expect(arrivals).toEqual(['120: 100', '170: 50', '170: end']);
  });

  test('cuts as it is told', () => {
    const scheduler = new VirtualTimeScheduler();
    const [a, b] = linkPair({ chunk: (rest) => Math.min(rest, 3), scheduler });
    const sizes: number[] = [];
    b.received$.subscribe((bytes) => sizes.push(bytes.length));
    a.write(new Uint8Array(8)).subscribe();
    scheduler.flush();
    expect(sizes).toEqual([3, 3, 2]);
  });

  test('a slow reader holds the writer back', () => {
    const scheduler = new VirtualTimeScheduler();
    const [a, b] = linkPair({ latency: 1, scheduler });
    let accepted = 0;
    for (let count = 0; count < 100; count++) {
      a.write(new Uint8Array(10_000)).subscribe({ complete: () => (accepted += 1) });
    }
    scheduler.flush();
    expect(accepted).toBe(7);
    let received = 0;
    b.received$.subscribe((bytes) => (received += bytes.length));
    scheduler.flush();
    expect([accepted, received]).toEqual([100, 1_000_000]);
  });

  test('is lost at both ends', () => {
    const scheduler = new VirtualTimeScheduler();
    const [a, b] = linkPair({ latency: 5, scheduler });
    const errors: string[] = [];
    for (const end of [a, b])
      end.received$.subscribe({ error: (error: Error) => errors.push(error.message) });
    a.write(new Uint8Array(1)).subscribe();
    b.lose(new Error('cut'));
    scheduler.flush();
    expect(errors).toEqual(['cut', 'cut']);
  });
});

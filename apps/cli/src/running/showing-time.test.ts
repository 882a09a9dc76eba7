import { concat, map, NEVER, of, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { showingTime } from './showing-time.js';

/** What a terminal gets, with the time of each write in seconds. */
function terminal(columns?: number) {
  const scheduler = new VirtualTimeScheduler(undefined, 60_000);
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(`${scheduler.now() / 1_000} ${text}`);
  const messages = { write, isTTY: columns !== undefined, columns };
  return { scheduler, written, messages };
}

test('shows the seconds since the last value, and takes the line back before the next one', () => {
  const { scheduler, written, messages } = terminal(80);
  const values$ = concat(timer(2_500, scheduler), timer(500, scheduler), timer(1_500, scheduler));
  values$
    .pipe(
      showingTime({ messages, quiet: false }, 'Examining', scheduler),
      map(() => messages.write('value')),
    )
    .subscribe();
  scheduler.flush();
  expect(written).toEqual([
    '1 \rExamining: 1 s\x1b[K',
    '2 \rExamining: 2 s\x1b[K',
    '2.5 \r\x1b[K',
    '2.5 value',
    // The clock goes on, and counts from the value.
    '3 \rExamining: 1 s\x1b[K',
    '3 \r\x1b[K',
    '3 value',
    '4 \rExamining: 1 s\x1b[K',
    '4.5 \r\x1b[K',
    '4.5 value',
  ]);
});

test.each([
  ['an error', (): unknown => throwError(() => new Error('lost'))],
  ['an unsubscription', (): unknown => NEVER],
])('the line is gone after %s', (_, end) => {
  const { scheduler, written, messages } = terminal(12);
  const source$ = concat(timer(1_500, scheduler), end() as typeof NEVER);
  const seen = source$
    .pipe(showingTime({ messages, quiet: false }, 'Examining', scheduler))
    .subscribe({ error: () => written.push('error') });
  scheduler.schedule(() => seen.unsubscribe(), 2_200);
  scheduler.flush();
  // It never wraps.
  expect(written[0]).toBe('1 \rExamining: \x1b[K');
  const last = written.at(-1) === 'error' ? written.at(-2) : written.at(-1);
  expect(last?.endsWith('\r\x1b[K')).toBe(true);
});

test('nothing is shown where that is no terminal, and with --quiet', () => {
  for (const [columns, quiet] of [
    [undefined, false],
    [80, true],
  ] as const) {
    const { scheduler, written, messages } = terminal(columns);
    concat(of(1), timer(5_000, scheduler))
      .pipe(showingTime({ messages, quiet }, 'Examining', scheduler))
      .subscribe();
    scheduler.flush();
    expect(written).toEqual([]);
  }
});
